"""Who saw or worked on requests, in the words of the audit trail."""

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from appointments.models import MOVES
from clinic.audit_actions import register

register(
    {f"request.{step}": format_lazy(_("Request: {done}"), done=move.done) for step, move in MOVES.items()}
)
register(
    {
        "person.erased": _("Data of a patient erased"),
        "person.exported": _("Data of a patient exported"),
        "report.exported": _("Report exported"),
        "request.copied": _("Request: Detail copied"),
        "request.denied": _("Access to requests refused"),
        "request.entered": _("Request: Entered at the desk"),
        "request.erased": _("Request: Details erased"),
        "request.exported": _("Requests exported"),
        "request.listed": _("Requests listed"),
        "request.searched": _("Requests searched"),
        "request.viewed": _("Request: Opened"),
    }
)
