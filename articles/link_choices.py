"""The places of this site that an author may link to, found by their names."""

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from articles.models import Article, Topic
from clinic.models import Location, Page
from clinic.text import one_line
from staff.models import Therapist

MOST_OF_A_KIND = 5


@require_GET
def link_choices(request):
    """Answer with the public places whose name or address holds the words of `?q=`."""
    if not request.user.has_perm("articles.change_article"):
        raise PermissionDenied
    wanted = one_line(request.GET.get("q", ""))[:100]
    return JsonResponse({"places": list(_places(wanted)) if wanted else []})


def _places(wanted):
    kinds = [
        (_("Article"), Article.objects.published().select_related("live"), "live__title"),
        (_("Topic"), Topic.objects.all(), "name"),
        (_("Page"), Page.objects.published().select_related("live"), "live__title"),
        (_("Therapist"), Therapist.objects.listed(), "name"),
        (_("Location"), Location.objects.all(), "name"),
    ]
    for kind, places, name in kinds:
        found = places.filter(Q(**{f"{name}__icontains": wanted}) | Q(slug__icontains=wanted))
        for place in found[:MOST_OF_A_KIND]:
            title = place.live.title if name == "live__title" else place.name
            yield {"title": title, "kind": kind, "url": place.get_absolute_url()}
