"""Every page that search engines may show; dated only where it is known when it changed."""

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import sitemaps
from django.db.models import F
from django.urls import reverse

from articles.models import Article, Topic
from clinic.models import Location, Page
from staff.models import Therapist


class OwnAddress:
    """Name the site as it names itself, whatever name the request came in by."""

    def get_protocol(self, protocol=None):
        return urlsplit(settings.SITE_URL).scheme

    def get_domain(self, site=None):
        return urlsplit(settings.SITE_URL).netloc


class Lists(OwnAddress, sitemaps.Sitemap):
    def items(self):
        return ["home", "article_list", "therapist_list", "location_list"]

    def location(self, name):
        return reverse(name)


class Rows(OwnAddress, sitemaps.GenericSitemap):
    """The pages of a QuerySet's rows."""


ARTICLES = Article.objects.published()
SECTIONS = {
    "lists": Lists(),
    "articles": Rows({"queryset": ARTICLES.only("slug", "changed_at"), "date_field": "changed_at"}),
    "topics": Rows({"queryset": Topic.objects.covered_by(ARTICLES)}),
    "therapists": Rows({"queryset": Therapist.objects.listed()}),
    "locations": Rows({"queryset": Location.objects.all()}),
    "pages": Rows(
        {
            "queryset": Page.objects.published().annotate(changed_at=F("live__created_at")),
            "date_field": "changed_at",
        }
    ),
}
