"""What the address of the list may ask for: one tab, perhaps of one location, state or therapist."""

from typing import NamedTuple

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from appointments.models.choices import Outcome, Status
from clinic.models import Location
from staff.models import Therapist


class Tab(NamedTuple):
    label: str
    when_empty: str


TABS = {
    "to_do": Tab(_("To do"), _("All done. The next request appears here by itself.")),
    "waiting": Tab(_("Waiting for patient"), _("No request waits for a patient or for a later try.")),
    "mine": Tab(_("Mine"), _("Nothing is yours. Claim a request under To do.")),
    "closed": Tab(_("Closed"), _("No request is closed yet.")),
    "maybe_spam": Tab(_("Maybe spam"), _("No suspicious requests.")),
}
OVERDUE = "overdue"
OPEN_STATES = [
    (Status.NEW.value, _("Nobody’s yet")),
    (Status.CLAIMED.value, _("In progress")),
    (Status.WAITING.value, _("Waiting for patient")),
    (OVERDUE, _("Past the promised time")),
]


class InboxFilter(forms.Form):
    """One page of one tab; what no link or form of ours asks for counts as not asked."""

    tab = forms.ChoiceField(choices=[(name, tab.label) for name, tab in TABS.items()], required=False)
    location = forms.TypedChoiceField(label=_("Location"), coerce=int, required=False)
    state = forms.ChoiceField(label=_("State"), required=False)
    therapist = forms.TypedChoiceField(label=_("Therapist asked for"), coerce=int, required=False)
    after = forms.IntegerField(required=False)

    def __init__(self, user, data):
        super().__init__(data)
        is_closed = data.get("tab") == "closed"
        choices = {
            "location": Location.objects.editable_by(user).values_list("pk", "name"),
            "state": Outcome.choices if is_closed else OPEN_STATES,
            "therapist": Therapist.objects.filter(is_outside=False).values_list("pk", "name"),
        }
        for name in choices:
            self.fields[name].choices = [("", _("All")), *choices[name]]
        self.full_clean()
        self.chosen_tab = self.cleaned_data.get("tab") or "to_do"
        self.chosen = {name: self.cleaned_data.get(name) for name in choices}

    @property
    def choices(self):
        """Return the fields that leave a choice."""
        return [self[name] for name in self.chosen if len(self.fields[name].choices) > 2]

    @property
    def is_narrowed(self):
        return any(self.chosen.values())

    @property
    def when_empty(self):
        return (
            _("No request here fits these filters.") if self.is_narrowed else TABS[self.chosen_tab].when_empty
        )

    def narrow(self, rows):
        """Keep those of the chosen location and therapist; the tabs count these."""
        if self.chosen["location"]:
            rows = rows.filter(location=self.chosen["location"])
        if self.chosen["therapist"]:
            rows = rows.filter(therapist=self.chosen["therapist"])
        return rows

    def rows(self, visible, user, now):
        """Return the requests of the chosen tab, from the chosen one on."""
        rows = {
            "to_do": visible.to_do(now).in_order(),
            "waiting": visible.waiting(now).in_order(),
            "mine": visible.owned_by(user).in_order(),
            "closed": visible.closed().latest_first(),
            "maybe_spam": visible.maybe_spam().in_order(),
        }[self.chosen_tab]
        if self.chosen["state"] == OVERDUE:
            # In whatever tab: what is put off may be late as well.
            rows = visible.overdue(now).in_order()
        elif self.chosen["state"]:
            rows = rows.filter(Q(status=self.chosen["state"]) | Q(outcome=self.chosen["state"]))
        after = self.cleaned_data.get("after")
        last = visible.filter(pk=after).first() if after else None
        if last is None or (self.chosen_tab == "closed") != (last.closed_at is not None):
            return rows
        return rows.closed_before(last) if last.closed_at else rows.after(last)
