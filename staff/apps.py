from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from clinic import mail_kinds

MAILS = {
    "invitation": ("staff.emails.invitation", _("Invitation to the staff pages")),
    "password_reset": ("staff.emails.password_reset", _("Link for a new password")),
    "account_changed": ("staff.emails.account_changed", _("Word of a changed sign-in")),
    "address_changed": ("staff.emails.address_changed", _("Word of a changed sign-in, to the old address")),
}


class StaffConfig(AppConfig):
    name = "staff"
    verbose_name = _("Staff")

    def ready(self):
        for kind, (maker, label) in MAILS.items():
            mail_kinds.register(kind, maker, label)
