from datetime import timedelta

from django.conf import settings
from django.contrib.sitemaps.views import sitemap as sitemap_of
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from articles import html, rendering
from articles.models import Article, Topic
from clinic import share_image as drawing
from clinic.models import Document, InsurancePlan, Location, Page
from clinic.public import public_page
from clinic.site import context, sitemaps, structured
from staff import structured as staff_structured
from staff.models import Therapist

ARTICLES_ON_HOME_PAGE = 3
THERAPISTS_ON_HOME_PAGE = 6
ARTICLES_OF_A_THERAPIST = 12
# The standard advises less than a year.
SECURITY_TXT_LASTS = timedelta(days=180)


@public_page
def home(request):
    articles = Article.objects.published()
    newest = articles.checked(timezone.localdate()).for_lists()
    topics = list(Topic.objects.covered_by(articles))
    treatments = [topic for topic in topics if topic.kind == Topic.Kind.TREATMENT]
    return render(
        request,
        "clinic/home.html",
        {
            "topics": topics,
            "articles": newest[:ARTICLES_ON_HOME_PAGE],
            "therapists": Therapist.objects.listed().for_cards()[:THERAPISTS_ON_HOME_PAGE],
            "insurance_plans": InsurancePlan.objects.accepted(),
            "structured": structured.home(context.of(request), treatments),
        },
    )


@public_page
def therapist_detail(request, slug):
    therapist = get_object_or_404(Therapist.objects.listed().for_cards(), slug=slug)
    articles = Article.objects.published().by_therapist(therapist).for_lists()
    credentials = therapist.credentials.current(timezone.localdate())
    return render(
        request,
        "staff/therapist_detail.html",
        {
            "therapist": therapist,
            "credentials": credentials,
            "articles": articles[:ARTICLES_OF_A_THERAPIST],
            "structured": staff_structured.therapist_detail(therapist, credentials),
        },
    )


@public_page
def location_list(request):
    return render(
        request,
        "clinic/location_list.html",
        {"structured": structured.location_list(context.of(request))},
    )


@public_page
def location_detail(request, slug):
    site = context.of(request)
    place = site.place(slug)
    if place is None:
        raise Http404
    location = get_object_or_404(Location.objects.select_related("picture"), slug=slug)
    shown = {
        "therapists": location.therapists.listed().for_cards(),
        "insurance_plans": location.insurance_plans.all(),
    }
    nodes = structured.location_detail(site, place, location, **shown)
    documents = Document.objects.at(location)
    return render(
        request,
        "clinic/location_detail.html",
        {"place": place, "location": location, "structured": nodes, "documents": documents, **shown},
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
            "structured": structured.page_detail(page),
            "documents": page.documents.listed(),
            "parts": list(rendering.parts(rendering.ready(body), cards=[])),
            "contents": rendering.contents(outline),
        },
    )


@public_page
def share_image(request):
    clinic = context.of(request).clinic
    picture = drawing.png(clinic["headline"], clinic)
    return HttpResponse(picture, content_type="image/png")


@public_page
def sitemap(request):
    return sitemap_of(request, sitemaps.SECTIONS)


@require_safe
def robots(request):
    shown = {"sitemap_url": settings.SITE_URL + reverse("sitemap")}
    return render(request, "robots.txt", shown, content_type="text/plain; charset=utf-8")


@require_safe
def security_txt(request):
    """Say whom to tell of a weakness (RFC 9116)."""
    shown = {
        "clinic": context.of(request).clinic,
        "expires": (timezone.now() + SECURITY_TXT_LASTS).date().isoformat() + "T00:00:00Z",
        "address": settings.SITE_URL + reverse("security_txt"),
    }
    return render(request, "security.txt", shown, content_type="text/plain; charset=utf-8")
