from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from clinic import mail_kinds


class StaffConfig(AppConfig):
    name = "staff"
    verbose_name = _("Staff")

    def ready(self):
        mail_kinds.register("invitation", "staff.emails.invitation")
        mail_kinds.register("password_reset", "staff.emails.password_reset")
        mail_kinds.register("account_changed", "staff.emails.account_changed")
