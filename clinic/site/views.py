from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from articles import html, rendering
from articles.models import Article, Topic
from clinic.models import InsurancePlan, Location, Page
from clinic.public import public_page
from clinic.site import context
from staff.models import Therapist

ARTICLES_ON_HOME_PAGE = 3
THERAPISTS_ON_HOME_PAGE = 6
ARTICLES_OF_A_THERAPIST = 12


@public_page
def home(request):
    articles = Article.objects.published()
    newest = articles.checked(timezone.localdate()).for_lists()
    return render(
        request,
        "clinic/home.html",
        {
            "topics": Topic.objects.covered_by(articles),
            "articles": newest[:ARTICLES_ON_HOME_PAGE],
            "therapists": Therapist.objects.listed().for_cards()[:THERAPISTS_ON_HOME_PAGE],
            "insurance_plans": InsurancePlan.objects.accepted(),
        },
    )


@public_page
def therapist_detail(request, slug):
    therapist = get_object_or_404(Therapist.objects.listed().for_cards(), slug=slug)
    articles = Article.objects.published().by_therapist(therapist).for_lists()
    return render(
        request,
        "staff/therapist_detail.html",
        {
            "therapist": therapist,
            "credentials": therapist.credentials.current(timezone.localdate()),
            "articles": articles[:ARTICLES_OF_A_THERAPIST],
        },
    )


@public_page
def location_list(request):
    return render(request, "clinic/location_list.html")


@public_page
def location_detail(request, slug):
    place = context.of(request).place(slug)
    if place is None:
        raise Http404
    location = get_object_or_404(Location.objects.select_related("picture"), slug=slug)
    return render(
        request,
        "clinic/location_detail.html",
        {
            "place": place,
            "location": location,
            "insurance_plans": location.insurance_plans.all(),
            "therapists": location.therapists.listed().for_cards(),
        },
    )


@public_page
def page_detail(request, slug):
    page = get_object_or_404(Page.objects.published().select_related("live"), slug=slug)
    # Cleaned here, because the ground floor stores pages and does not know how to clean HTML.
    body = html.clean(page.live.body)
    outline = [(heading.level, heading.text, heading.anchor) for heading in html.outline(body)]
    return render(
        request,
        "clinic/page_detail.html",
        {
            "page": page,
            "text": page.live,
            "parts": list(rendering.parts(rendering.ready(body), cards=[])),
            "contents": rendering.contents(outline),
        },
    )


@require_safe
def robots(request):
    return render(request, "robots.txt", content_type="text/plain; charset=utf-8")
