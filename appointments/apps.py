from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from clinic import mail_kinds

MAILS = {
    "front_desk_notice": ("appointments.emails.front_desk_notice", _("New request, for the front desk")),
    "relocation_notice": ("appointments.emails.relocation_notice", _("Moved request, for the front desk")),
    "alarm": ("appointments.emails.alarm", _("Waiting request, for the front desk")),
    "escalation": ("appointments.emails.escalation", _("Overdue request, for front desk and managers")),
    "acknowledgement": (
        "appointments.patient_emails.acknowledgement",
        _("Request received, for the patient"),
    ),
    "appointment_mail": ("appointments.patient_emails.appointment_mail", _("Appointment, for the patient")),
    "weekly_report": ("appointments.weekly_report.weekly_report", _("Report of the week, for the managers")),
}


class AppointmentsConfig(AppConfig):
    name = "appointments"
    verbose_name = _("Appointments")

    def ready(self):
        for kind, (maker, label) in MAILS.items():
            mail_kinds.register(kind, maker, label)
