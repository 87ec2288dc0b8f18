from django import forms
from django.contrib import admin
from django.db import models

from clinic.admin.facts import FactsAdmin, OwnPlacesMixin
from clinic.models import Notice


@admin.register(Notice)
class NoticeAdmin(OwnPlacesMixin, FactsAdmin):
    list_display = ["text", "location", "shown_from", "shown_until"]
    list_filter = ["location"]
    list_select_related = ["location"]
    fields = ["location", "text", "shown_from", "shown_until"]
    # One box for day and time: Django's two share a label that screen readers may not say.
    formfield_overrides = {
        models.DateTimeField: {
            "form_class": forms.DateTimeField,
            "widget": forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        }
    }
