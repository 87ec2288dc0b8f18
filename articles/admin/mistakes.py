from django import forms
from django.contrib import admin, messages
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from articles import mistakes
from articles.models import MistakeReport
from clinic.form_fields import LineField
from clinic.moves import Stale


class SettleForm(forms.ModelForm):
    """What was done about a reported mistake."""

    answer = LineField(
        label=_("What was done"), max_length=300, error_messages={"required": _("Say what was done.")}
    )

    class Meta:
        model = MistakeReport
        fields = ["answer"]


@admin.register(MistakeReport)
class MistakeReportAdmin(admin.ModelAdmin):
    form = SettleForm
    list_display = ["words", "article", "created_at", "settled_at", "settled_by"]
    list_filter = [("settled_at", admin.EmptyFieldListFilter)]
    list_select_related = ["article__latest", "settled_by"]
    readonly_fields = ["text", "words", "created_at"]
    fields = ["text", "words", "created_at", "answer"]

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        is_open = obj is None or obj.settled_at is None
        return is_open and super().has_change_permission(request, obj)

    def save_model(self, request, obj, form, change):
        try:
            mistakes.settle(obj, answer=obj.answer, by=request.user)
        except Stale as stale:
            self.message_user(request, stale.message, messages.ERROR)

    @admin.display(description=_("text"))
    def text(self, mistake):
        address = reverse("admin:articles_article_change", args=[mistake.article_id])
        return format_html('<a href="{}">{}</a>', address, mistake.revision)
