from django.contrib import admin

from clinic.admin import moments
from clinic.admin.facts import FactsAdmin, OwnPlacesMixin
from clinic.models import Notice


@admin.register(Notice)
class NoticeAdmin(OwnPlacesMixin, FactsAdmin):
    list_display = ["text", "place", "shown_from", "shown_until"]
    fields = ["location", "text", "shown_from", "shown_until"]
    formfield_overrides = moments.BOXES
