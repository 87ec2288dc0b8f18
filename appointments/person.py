"""One person's requests, for a copy of all of them or for erasing them: found for certain, or not at all.

Families share a phone. So a number or an address alone stands for one person only as long as one name goes
with it, and whoever else it may belong to is told apart, never handed over.
"""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from appointments import desk, retention, search_keys
from appointments.models import AppointmentRequest, SearchKey
from appointments.references import normalise
from clinic import audit, erasing


class NotOnePerson(Exception):
    """Raised with a sentence for whoever asked."""


@dataclass(frozen=True)
class Person:
    """The requests of one person, oldest first; `others` share a number or an address, under another name."""

    requests: list
    others: list

    @property
    def unerased(self):
        return [request for request in self.requests if request.erased_at is None]

    @property
    def open(self):
        return [request for request in self.requests if request.is_open]


def find(who):
    """Return the person with this phone number, e-mail address or reference; raise NotOnePerson.

    With a request belong those that it replaces or that replace it, its duplicates, and all of the same
    name with the same number or address.
    """
    new = _given(who)
    if len({_name(request) for request in new}) > 1:
        several = _("More than one name goes with this. Give one of these references: %(references)s")
        raise NotOnePerson(several % {"references": ", ".join(sorted(map(str, new)))})
    theirs, others = set(), set()
    while new:
        theirs |= new
        names = {_name(request) for request in theirs}
        sharing = _sharing(new)
        others |= sharing
        new = (_linked(new) | {request for request in sharing if _name(request) in names}) - theirs
    return Person(_in_order(theirs), _in_order(others - theirs))


@transaction.atomic
def erase(person, *, reason):
    """Withdraw what is open, erase all, and return it; raise Stale if somebody works on one of them."""
    for request in person.open:
        desk.withdraw(request)
    unerased = person.unerased
    for request in unerased:
        retention.erase_details(request, timezone.now(), reason=reason)
        request.refresh_from_db()
    audit.record("person.erased", subject=unerased[-1], count=len(unerased), reason=reason)
    transaction.on_commit(erasing.leave_the_file, robust=True)
    return unerased


def _given(who):
    """Return the requests that go by exactly this reference, number or address."""
    if normalise(who) and (found := AppointmentRequest.objects.filter(reference=normalise(who))):
        return set(found)
    keys = set().union(*search_keys.wanted(who))
    if not keys or _contact(keys) != keys:
        raise NotOnePerson(_("Give a whole phone number, an e-mail address or a reference."))
    found = _with_keys(keys)
    if not found:
        raise NotOnePerson(_("There is no request with this number, address or reference."))
    return found


def _sharing(requests):
    """Return all requests with a number or an address of these."""
    return _with_keys(_contact(set().union(*(search_keys.of(request) for request in requests))))


def _contact(keys):
    return {key for key in keys if not key.startswith(search_keys.NAME)}


def _with_keys(keys):
    with_key = SearchKey.objects.filter(key__in=keys).values("request")
    return set(AppointmentRequest.objects.filter(pk__in=with_key))


def _linked(requests):
    return set(
        AppointmentRequest.objects.filter(
            Q(replaces__in=requests)
            | Q(replaced_by__in=requests)
            | Q(duplicate_of__in=requests)
            | Q(duplicates__in=requests)
        )
    )


def _name(request):
    return " ".join(request.full_name.split()).casefold()


def _in_order(requests):
    return sorted(requests, key=lambda request: request.pk)
