"""What was done to somebody's way of signing in, in the words of the audit trail."""

from django.utils.translation import gettext_lazy as _

from clinic.audit_actions import register

register(
    {
        "account.address_changed": _("E-mail address for signing in changed"),
        "password.changed": _("Password changed"),
        "recovery_codes.renewed": _("New recovery codes made"),
        "second_factor.added": _("Second step added"),
        "second_factor.removed": _("Second step removed"),
        "second_factor.reset": _("Second step reset"),
    }
)
