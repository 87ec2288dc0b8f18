"""Show staff a text as readers would see it: on the public page, marked, unlisted and never stored."""

from csp.constants import SELF
from csp.decorators import csp_replace
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin

from articles import article_page, desk_page, writing
from articles.models import CareCard, Revision


@csp_replace({"frame-ancestors": [SELF]})
@xframe_options_sameorigin
def preview(request, pk):
    """Show what is being written, else the newest text; alone of all pages inside a frame, at the desk."""
    article = desk_page.fetch(request, pk)
    copy = getattr(article, "working_copy", None)
    if copy is None or not request.user.has_perm("articles.change_article"):
        return _page(request, article, article.latest, article.latest)
    return _page(request, article, copy, _as_revision(copy))


def revision(request, pk, number):
    """Show one text of the history."""
    article = desk_page.fetch(request, pk)
    related = ("author__photo", "main_topic", "lead_picture", "signature")
    found = article.revisions.select_related(*related).filter(number=number).first()
    if found is None:
        raise Http404
    return _page(request, article, found, found)


def _as_revision(copy):
    """Return the revision that saving this working copy would make; it is never stored."""
    text = {name: getattr(copy, name) for name in writing.FIELDS}
    return Revision(**text, **writing.derived(copy.body), created_at=copy.updated_at)


def _page(request, article, source, text):
    cards = list(CareCard.objects.shown().of_text(source))
    context = {
        **article_page.context(article, text, cards, timezone.localdate()),
        "preview_of": _("revision %(number)d") % {"number": text.number} if text.pk else _("unsaved text"),
        "desk_url": desk_page.page_of(article),
        "is_framed": request.headers.get("Sec-Fetch-Dest") == "iframe",
    }
    response = render(request, "admin/articles/preview.html", context)
    response["X-Robots-Tag"] = "noindex"
    return response
