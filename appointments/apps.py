from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from clinic import mail_kinds


class AppointmentsConfig(AppConfig):
    name = "appointments"
    verbose_name = _("Appointments")

    def ready(self):
        mail_kinds.register("front_desk_notice", "appointments.emails.front_desk_notice")
        mail_kinds.register("escalation", "appointments.emails.escalation")
