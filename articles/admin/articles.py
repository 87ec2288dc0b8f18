from django.contrib import admin
from django.template.loader import render_to_string
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles import desk, preview
from articles.admin.days import spoken_day
from articles.models import Article, Topic


class WaitingFilter(admin.SimpleListFilter):
    title = _("whom it waits for")
    parameter_name = "waits"

    def lookups(self, request, model_admin):
        return [("me", _("Me")), ("someone", _("Any clinician"))]

    def queryset(self, request, queryset):
        if self.value() == "me":
            return queryset.awaiting(getattr(request.user, "therapist", None))
        if self.value() == "someone":
            return queryset.filter(status=Article.Status.IN_REVIEW)
        return queryset


class TopicFilter(admin.SimpleListFilter):
    title = _("topic")
    parameter_name = "topic"

    def lookups(self, request, model_admin):
        return Topic.objects.values_list("slug", "name")

    def queryset(self, request, queryset):
        return queryset.filter(latest__topics__slug=self.value()) if self.value() else queryset


@admin.register(Article)
class ArticleAdmin(admin.ModelAdmin):
    """The list of articles; each has a page of its own, and nothing is ever deleted."""

    list_display = ["title", "kind", "state", "author", "live_since", "next_review", "waits_for"]
    list_filter = [WaitingFilter, "status", "kind", TopicFilter]
    list_select_related = ["latest__author", "live__signature", "asked"]
    search_fields = ["latest__title", "slug"]
    search_help_text = _("Searches the titles.")
    ordering = ["-latest__created_at"]
    list_per_page = 50
    actions = None

    def has_delete_permission(self, request, obj=None):
        return False

    def get_urls(self):
        wrap = self.admin_site.admin_view
        name = "articles_article"
        return [
            path("", wrap(self.changelist_view), name=f"{name}_changelist"),
            path("add/", wrap(desk.add), name=f"{name}_add"),
            path("<int:pk>/", wrap(desk.change), name=f"{name}_change"),
            path("<int:pk>/preview/", wrap(preview.preview), name=f"{name}_preview"),
            path("<int:pk>/revisions/<int:number>/", wrap(preview.revision), name=f"{name}_revision"),
            path("<int:pk>/set_aside/", wrap(desk.set_aside), name=f"{name}_set_aside"),
            path("<int:pk>/<slug:step>/", wrap(desk.take_step), name=f"{name}_step"),
        ]

    def changelist_view(self, request, extra_context=None):
        return super().changelist_view(request, {"title": _("Articles"), **(extra_context or {})})

    @admin.display(description=_("title"), ordering="latest__title")
    def title(self, article):
        return article.latest.title

    @admin.display(description=_("state"), ordering="status")
    def state(self, article):
        return render_to_string("admin/articles/_state.html", {"article": article})

    @admin.display(description=_("written by"), ordering="latest__author__name")
    def author(self, article):
        return article.latest.author and article.latest.author.name

    @admin.display(description=_("live since"), ordering="published_at")
    def live_since(self, article):
        return spoken_day(timezone.localdate(article.published_at)) if article.is_public else None

    @admin.display(description=_("next check"), ordering="live__signature__next_review_on")
    def next_review(self, article):
        is_checked = article.is_public and article.live.signature
        return spoken_day(article.live.signature.next_review_on) if is_checked else None

    @admin.display(description=_("waits for"), ordering="asked__name")
    def waits_for(self, article):
        return article.asked and article.asked.name
