"""What may happen to a request, and from which state; buttons, verbs and tests read this table."""

from django.utils.translation import gettext_lazy as _

from appointments.models.choices import Status
from clinic.moves import Move

OPEN = frozenset({Status.NEW, Status.CLAIMED, Status.WAITING})
IN_WORK = frozenset({Status.CLAIMED, Status.WAITING})
CLOSED = frozenset({Status.CLOSED})

# A step with a request that is nobody's makes it one's own, where its target says so.
MOVES = {
    "claim": Move(_("Claim"), _("Claimed"), frozenset({Status.NEW}), Status.CLAIMED),
    "take_over": Move(_("Take over"), _("Taken over"), IN_WORK),
    "hand_over": Move(_("Hand over"), _("Handed over"), IN_WORK),
    "release": Move(_("Give back"), _("Given back"), IN_WORK, Status.NEW),
    "log_attempt": Move(_("Log a call"), _("Called"), OPEN, Status.CLAIMED),
    "wait": Move(
        _("Wait for patient"),
        _("Waiting for patient"),
        frozenset({Status.NEW, Status.CLAIMED}),
        Status.WAITING,
    ),
    "resume": Move(_("Back to work"), _("Back to work"), frozenset({Status.WAITING}), Status.CLAIMED),
    "book": Move(_("Record the appointment"), _("Appointment recorded"), OPEN, Status.CLOSED),
    "change_appointment": Move(_("Change the appointment"), _("Appointment changed"), CLOSED),
    "cancel_appointment": Move(_("Cancel the appointment"), _("Appointment cancelled"), CLOSED),
    "correct": Move(_("Correct contact details"), _("Contact details corrected"), OPEN),
    "relocate": Move(_("Move to another location"), _("Moved to another location"), OPEN, Status.NEW),
    "close": Move(_("Close"), _("Closed"), OPEN, Status.CLOSED),
    "reopen": Move(_("Open again"), _("Opened again"), CLOSED, Status.NEW),
    "not_spam": Move(_("Not spam"), _("Marked as not spam"), OPEN),
    "withdraw": Move(_("Withdraw"), _("Withdrawn by the patient"), OPEN, Status.CLOSED),
    "erase": Move(_("Erase the details"), _("Details erased"), CLOSED),
    # Leads back to wherever the request stood before.
    "undo": Move(_("Undo"), _("Undone"), OPEN | CLOSED),
}
