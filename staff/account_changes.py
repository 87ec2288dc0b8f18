"""What was done to somebody's way of signing in: a line of the audit trail, and word of it by e-mail."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from clinic import audit, outbox

KIND, TO_EARLIER_ADDRESS = "account_changed", "address_changed"
ADDRESS = "account.address_changed"
SUBJECT = "person "

# What the e-mail says; in it stands who did it, and when.
CHANGES = {
    "password.changed": _("Your password was changed."),
    "second_factor.added": _("A second step was added to your sign-in."),
    "second_factor.removed": _("A second step was removed from your sign-in."),
    "second_factor.reset": _("The second steps of your sign-in were taken away."),
    "recovery_codes.renewed": _("You have new recovery codes. The earlier ones are worthless."),
    ADDRESS: _("Your e-mail address for signing in was changed."),
}


@transaction.atomic
def note(action, person, *, by=None, reason="", request=None):
    """Write down one of CHANGES, and owe this person word of it.

    The reason of a changed address is the earlier one, which is told too.
    """
    subject = f"{SUBJECT}{person.pk}"
    event = audit.record(action, actor=by, subject=subject, reason=reason, request=request)
    outbox.owe(KIND, event.pk)
    if action == ADDRESS:
        outbox.owe(TO_EARLIER_ADDRESS, event.pk)
