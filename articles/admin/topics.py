from django import forms
from django.contrib import admin
from django.db import models

from articles.models import Topic
from clinic.admin.trail import AuditedMixin


@admin.register(Topic)
class TopicAdmin(AuditedMixin, admin.ModelAdmin):
    list_display = ["name", "kind", "teaser", "position"]
    list_filter = ["kind"]
    search_fields = ["name"]
    prepopulated_fields = {"slug": ["name"]}
    # Django's two boxes with a filter have labels that screen readers may not say.
    formfield_overrides = {models.ManyToManyField: {"widget": forms.CheckboxSelectMultiple}}
    fields = ["name", "slug", "kind", "teaser", "introduction", "required_cards", "position"]

    def get_readonly_fields(self, request, obj=None):
        """Leave safety words to those who answer for them: a card unticked here leaves signed articles."""
        return [] if request.user.has_perm("articles.change_carecard") else ["required_cards"]

    def has_delete_permission(self, request, obj=None):
        """Never: texts that nobody looks at any more still belong to it."""
        return False
