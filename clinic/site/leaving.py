"""Somebody leaves, or comes back: what spans all apps, in one transaction."""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext_lazy

from appointments import desk, owners
from appointments.models import AppointmentRequest
from articles import handing_over
from clinic import audit
from clinic.site import second_factors, sessions
from staff import account_links, indexing
from staff.models import AccountLink, User

# What became of what was in hand: the steps taken, and what articles.handing_over counts.
WENT = {
    "hand_over": ngettext_lazy(
        "%(number)d request is with %(heir)s now.", "%(number)d requests are with %(heir)s now.", "number"
    ),
    "release": ngettext_lazy(
        "%(number)d request is back in the inbox.", "%(number)d requests are back in the inbox.", "number"
    ),
    "submit": ngettext_lazy(
        "%(number)d article is with %(heir)s to sign off.",
        "%(number)d articles are with %(heir)s to sign off.",
        "number",
    ),
    "send_back": ngettext_lazy(
        "%(number)d article is back with its editor.",
        "%(number)d articles are back with their editors.",
        "number",
    ),
    "texts_taken": ngettext_lazy(
        "%(number)d unsaved text is with %(heir)s now.",
        "%(number)d unsaved texts are with %(heir)s now.",
        "number",
    ),
    "texts_left": ngettext_lazy(
        "%(number)d unsaved text waits for any editor.",
        "%(number)d unsaved texts wait for any editor.",
        "number",
    ),
    "times_taken": ngettext_lazy(
        "%(number)d set time is for %(heir)s to watch.",
        "%(number)d set times are for %(heir)s to watch.",
        "number",
    ),
    "times_left": ngettext_lazy(
        "%(number)d set time is yours to watch.", "%(number)d set times are yours to watch.", "number"
    ),
}


@dataclass(frozen=True)
class InHand:
    """How much somebody has in hand that others have to take on."""

    requests: int
    sign_offs: int
    unsaved_texts: int
    scheduled: int

    @classmethod
    def of(cls, person):
        return cls(
            requests=AppointmentRequest.objects.owned_by(person).count(),
            sign_offs=handing_over.sign_offs(person).count(),
            unsaved_texts=handing_over.unsaved_texts(person).count(),
            scheduled=handing_over.scheduled(person).count(),
        )

    @property
    def is_anything(self):
        return any((self.requests, self.sign_offs, self.unsaved_texts, self.scheduled))


def heirs(person):
    """Return the colleagues who may take on at least some of what this person has in hand."""
    may = Q(pk__in=handing_over.heirs(person))
    requests = AppointmentRequest.objects.owned_by(person)
    if requests.exists():
        may |= Q(pk__in=owners.able(requests.values("location")))
    return User.objects.filter(may).exclude(pk=person.pk)


@transaction.atomic
def leave(person, *, by, heir=None, request=None):
    """Shut somebody out from the next request on, and hand over what they had in hand.

    What the heir may not take on, and all of it without an heir, goes back to everybody. Return how much
    went each way, by the names of WENT.
    """
    _shut_out(person)
    remark = _("%(name)s has left.") % {"name": person.name}
    went = desk.hand_over_all(person, to=heir, by=by, remark=remark)
    went += handing_over.hand_over_all(person, to=heir, by=by, remark=remark)
    _close_profile(person)
    reason = f"to person {heir.pk}" if heir else ""
    audit.record("person.left", actor=by, subject=f"person {person.pk}", reason=reason, request=request)
    return went


def told(went, heir):
    """Say in a sentence each what went where."""
    name = heir.name if heir else ""
    return [said % {"number": went[way], "heir": name} for way, said in WENT.items() if went[way]]


@transaction.atomic
def come_back(person, *, by, request=None):
    """Let somebody in again who had left: by an invitation, into the roles they had."""
    person.is_active = True
    person.save(update_fields=["is_active"])
    audit.record("person.returned", actor=by, subject=f"person {person.pk}", request=request)
    account_links.make(person, AccountLink.Purpose.INVITATION, by=by)


def _shut_out(person):
    # Before the person, as whoever uses such a link does: else the two could wait for each other.
    account_links.open_links(person).delete()
    person.is_active = False
    # Nor does the old one work on the day they come back.
    person.set_unusable_password()
    person.save(update_fields=["is_active", "password"])
    second_factors.reset(person)
    sessions.end_all(person)


def _close_profile(person):
    """Take the profile off the site; it ends the review links as well."""
    therapist = getattr(person, "therapist", None)
    if therapist is None or therapist.left_on:
        return
    therapist.left_on = timezone.localdate()
    therapist.save(update_fields=["left_on"])
    indexing.refresh(therapist)
