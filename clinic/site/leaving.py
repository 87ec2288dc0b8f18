"""Somebody leaves, or comes back: what spans all apps, in one transaction."""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from appointments import desk
from appointments.models import AppointmentRequest
from articles import handing_over
from clinic import audit
from clinic.site import second_factors, sessions
from staff import account_links, indexing
from staff.models import AccountLink


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


@transaction.atomic
def leave(person, *, by, heir=None, request=None):
    """Shut somebody out from the next request on, and hand over what they had in hand.

    What the heir may not take on, and all of it without an heir, goes back to everybody.
    """
    _shut_out(person)
    remark = _("%(name)s has left.") % {"name": person.name}
    desk.hand_over_all(person, to=heir, by=by, remark=remark)
    handing_over.hand_over_all(person, to=heir, by=by, remark=remark)
    _close_profile(person)
    reason = f"to person {heir.pk}" if heir else ""
    audit.record("person.left", actor=by, subject=f"person {person.pk}", reason=reason, request=request)


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
