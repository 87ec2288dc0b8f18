from django.contrib import admin
from django.template.loader import render_to_string
from django.urls import path
from django.utils.translation import gettext_lazy as _

from articles import card_desk
from articles.admin.days import spoken_day
from articles.models import CareCard


@admin.register(CareCard)
class CareCardAdmin(admin.ModelAdmin):
    """The library of care cards; each has a page of its own, and none is ever deleted."""

    list_display = ["name", "level", "wording", "approval", "next_review"]
    list_filter = ["level"]
    list_select_related = ["live__signature"]
    search_fields = ["name"]
    prepopulated_fields = {"slug": ["name"]}
    fields = ["name", "slug", "level", "owner", "position"]
    actions = None

    def has_delete_permission(self, request, obj=None):
        return False

    def get_urls(self):
        wrap = self.admin_site.admin_view
        name = "articles_carecard"
        return [
            path("", wrap(self.changelist_view), name=f"{name}_changelist"),
            path("add/", wrap(self.add_view), name=f"{name}_add"),
            path("<int:pk>/", wrap(card_desk.change), name=f"{name}_change"),
            path("<int:pk>/wordings/<int:number>/approve/", wrap(card_desk.approve), name=f"{name}_approve"),
        ]

    @admin.display(description=_("wording"), ordering="live__number")
    def wording(self, card):
        return card.live and card.live.number

    @admin.display(description=_("approved"), ordering="live__signature__signed_on")
    def approval(self, card):
        return render_to_string("admin/articles/_approval.html", {"version": card.live})

    @admin.display(description=_("next check"), ordering="live__signature__next_review_on")
    def next_review(self, card):
        return card.live and card.live.signature and spoken_day(card.live.signature.next_review_on)
