"""Emergency numbers and the words around them, by country.

They live in code so that they show when the database is down, and so that no setting empties them.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

EMERGENCY = "emergency"
URGENT = "urgent"
ROUTINE = "routine"
LEVELS = (EMERGENCY, URGENT, ROUTINE)


ASK_FOR_AN_APPOINTMENT = _("Ask for an appointment")
ASK_FOR_AN_APPOINTMENT_IF = _("Ask for an appointment if:")


@dataclass(frozen=True)
class EmergencyLine:
    """Whom to call in one country, and the words of its care cards by level."""

    number: str
    crisis_line: str
    actions: Mapping[str, Promise]
    headings: Mapping[str, Promise]
    # What to do today when we are closed, as a sentence without its full stop.
    after_hours_action: Promise

    @property
    def action(self) -> Promise:
        """Return what to do in an emergency, as a sentence without its full stop."""
        return self.actions[EMERGENCY]

    @property
    def urgent_action(self) -> Promise:
        """Return what to do today or tomorrow, as a sentence without its full stop."""
        return self.actions[URGENT]

    @property
    def tel(self) -> str:
        """Return the link that dials the emergency number."""
        return f"tel:{self.number}"

    @property
    def crisis_tel(self) -> str:
        """Return the link that dials the crisis line."""
        return f"tel:{self.crisis_line.replace(' ', '')}"

    def heading(self, level: str) -> Promise:
        """Return the heading of a care card: its action, and "if:"."""
        return self.headings[level]


UNITED_STATES = EmergencyLine(
    number="911",
    crisis_line="988",
    actions={
        EMERGENCY: _("Call 911 or go to the emergency room now"),
        URGENT: _("Call your doctor today"),
        ROUTINE: ASK_FOR_AN_APPOINTMENT,
    },
    headings={
        EMERGENCY: _("Call 911 or go to the emergency room now if:"),
        URGENT: _("Call your doctor today if:"),
        ROUTINE: ASK_FOR_AN_APPOINTMENT_IF,
    },
    after_hours_action=_("Call your doctor’s after-hours line or go to urgent care"),
)
UNITED_KINGDOM = EmergencyLine(
    number="999",
    crisis_line="116 123",
    actions={
        EMERGENCY: _("Call 999 or go to A&E now"),
        URGENT: _("Call NHS 111 today"),
        ROUTINE: ASK_FOR_AN_APPOINTMENT,
    },
    headings={
        EMERGENCY: _("Call 999 or go to A&E now if:"),
        URGENT: _("Call NHS 111 today if:"),
        ROUTINE: ASK_FOR_AN_APPOINTMENT_IF,
    },
    after_hours_action=_("Call NHS 111"),
)
# 112 answers in every country of the EU; helplines for a crisis differ from country to country.
EUROPEAN_UNION = EmergencyLine(
    number="112",
    crisis_line="112",
    actions={
        EMERGENCY: _("Call 112 or go to the emergency department now"),
        URGENT: _("Call your doctor today"),
        ROUTINE: ASK_FOR_AN_APPOINTMENT,
    },
    headings={
        EMERGENCY: _("Call 112 or go to the emergency department now if:"),
        URGENT: _("Call your doctor today if:"),
        ROUTINE: ASK_FOR_AN_APPOINTMENT_IF,
    },
    after_hours_action=_("Call your doctor’s after-hours line"),
)
OUTSIDE_THE_EU = {"US": UNITED_STATES, "GB": UNITED_KINGDOM}
# Of any country we know.
NUMBERS = {line.number for line in (*OUTSIDE_THE_EU.values(), EUROPEAN_UNION)}


def for_country(code: str) -> EmergencyLine:
    """Return the emergency line of a country by its two letters, or of the EU by "EU"."""
    return OUTSIDE_THE_EU.get(code, EUROPEAN_UNION)
