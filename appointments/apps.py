from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from clinic import mail_kinds

MAILS = {
    "front_desk_notice": "appointments.emails.front_desk_notice",
    "relocation_notice": "appointments.emails.relocation_notice",
    "alarm": "appointments.emails.alarm",
    "escalation": "appointments.emails.escalation",
    "acknowledgement": "appointments.patient_emails.acknowledgement",
    "appointment_mail": "appointments.patient_emails.appointment_mail",
    "weekly_report": "appointments.weekly_report.weekly_report",
}


class AppointmentsConfig(AppConfig):
    name = "appointments"
    verbose_name = _("Appointments")

    def ready(self):
        for kind, maker in MAILS.items():
            mail_kinds.register(kind, maker)
