from django.contrib import admin
from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import Greatest, Length, Substr
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from articles.models import Article
from clinic.admin.trail import ReadOnlyMixin
from clinic.models import BrokenLink, Page


def _at(source, before):
    """Return the slug in an address that is made of `before`, the slug and a slash."""
    # PostgreSQL refuses a negative length.
    length = Greatest(Length(source) - len(before) - 1, 0)
    return Substr(source, len(before) + 1, length)


@admin.register(BrokenLink)
class BrokenLinkAdmin(ReadOnlyMixin, admin.ModelAdmin):
    """Links of ours that lead nowhere, each with the way to the text it stands in."""

    list_display = ["place", "href", "noticed_at"]
    list_display_links = None
    search_fields = ["source", "href"]
    ordering = ["source", "href"]

    def get_queryset(self, request):
        source = OuterRef("source")
        articles = Article.objects.filter(slug=_at(source, reverse("article_list")))
        pages = Page.objects.filter(slug=_at(source, "/"))
        return (
            super()
            .get_queryset(request)
            .annotate(article=Subquery(articles.values("pk")), page=Subquery(pages.values("pk")))
        )

    @admin.display(description=_("stands on"), ordering=F("source"))
    def place(self, link):
        return render_to_string("admin/clinic/brokenlink/_place.html", {"link": link})
