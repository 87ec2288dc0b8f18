from django import forms
from django.contrib import admin
from django.db import models
from django.utils.translation import gettext_lazy as _

from articles import indexing, related
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
    autocomplete_fields = ["featured"]
    fieldsets = [
        (None, {"fields": ["name", "slug", "kind", "teaser", "introduction", "also_called"]}),
        (_("On every page of this topic"), {"fields": ["required_cards", "featured", "position"]}),
    ]

    def get_readonly_fields(self, request, obj=None):
        """Leave safety words to those who answer for them: a card unticked here leaves signed articles."""
        return [] if request.user.has_perm("articles.change_carecard") else ["required_cards"]

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        related.refresh([form.instance])
        indexing.refresh_on(form.instance)

    def has_delete_permission(self, request, obj=None):
        """Never: texts that nobody looks at any more still belong to it."""
        return False
