from django.contrib import admin

from clinic.admin import moments
from clinic.admin.facts import FactsAdmin, OwnPlacesMixin
from clinic.models import Notice


@admin.register(Notice)
class NoticeAdmin(OwnPlacesMixin, FactsAdmin):
    list_display = ["text", "location", "shown_from", "shown_until"]
    list_filter = ["location"]
    list_select_related = ["location"]
    fields = ["location", "text", "shown_from", "shown_until"]
    formfield_overrides = moments.BOXES
