"""What readers wrote about a mistake may be about their health."""

from django.utils.translation import gettext_lazy as _

from articles.models import MistakeReport
from clinic.retention import Kind, delete_for_good, register

register(
    Kind(
        "mistake_reports",
        _("Reported mistakes, after they were settled"),
        days=90,
        over=MistakeReport.objects.settled_before,
        forget=delete_for_good,
    )
)
