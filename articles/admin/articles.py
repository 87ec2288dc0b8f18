from django.contrib import admin
from django.template.loader import render_to_string
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles import autosave, desk, history, import_page, link_choices, preview
from articles.admin.days import spoken_day
from articles.admin.lists import ListFilter
from articles.models import Article, Topic


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

    empty_value_display = ""
    list_display = ["title", "state", "author", "live_since", "next_check", "waits_for", "views"]
    list_filter = [ListFilter, "kind", TopicFilter]
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
            path("import/", wrap(import_page.import_document), name=f"{name}_import"),
            path("links/", wrap(link_choices.link_choices), name=f"{name}_links"),
            path("<int:pk>/", wrap(desk.change), name=f"{name}_change"),
            path("<int:pk>/autosave/", wrap(autosave.autosave), name=f"{name}_autosave"),
            path("<int:pk>/preview/", wrap(preview.preview), name=f"{name}_preview"),
            path("<int:pk>/revisions/<int:number>/", wrap(preview.revision), name=f"{name}_revision"),
            path("<int:pk>/compare/", wrap(history.compare), name=f"{name}_compare"),
            path("<int:pk>/set_aside/", wrap(desk.set_aside), name=f"{name}_set_aside"),
            path("<int:pk>/<slug:step>/", wrap(desk.take_step), name=f"{name}_step"),
        ]

    def get_queryset(self, request):
        return super().get_queryset(request).with_due_day()

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

    @admin.display(description=_("next check"), ordering="check_due_on")
    def next_check(self, article):
        return spoken_day(article.check_due_on) if article.is_public and article.check_due_on else None

    @admin.display(description=_("waits for"), ordering="asked__name")
    def waits_for(self, article):
        return article.asked and article.asked.name
