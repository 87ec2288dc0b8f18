"""Send a finished form: what looks odd is kept apart, and one place cannot send without end."""

from dataclasses import replace
from datetime import timedelta

from django.db import transaction

from appointments import intake, suspicion
from clinic import limiter, self_test

KIND = "request"
HOUR = timedelta(hours=1)
# Of one sender within an hour: what comes beyond the first is kept apart, beyond the second refused.
MANY, MOST = 20, 100


class TooMany(Exception):
    """One place has sent so many requests within the hour that nothing more is stored."""


@transaction.atomic
def send(form, origin, *, peer, now, mark=""):
    """Store the request of a valid form and return it; raises TooMany, with nothing stored.

    `peer` is the sender's network address, empty if unknown; `mark` that of the site's own test.
    """
    test = self_test.redeem(mark, now)
    if test:
        # It counts towards nobody's limit.
        peer = ""
    already = limiter.hits(KIND, peer, within=HOUR, now=now) if peer else 0
    suspicions = _suspicions(form, many_from_one_place=already >= MANY)
    arrival = replace(origin.arrival(suspicions), peer=peer, self_test=test)
    received = intake.accept(form.answers, token=form.token.key, arrival=arrival, now=now)
    # A click too many gets the request of the first; it is neither counted nor refused.
    if received.received_at == now and peer:
        if already >= MOST:
            raise TooMany
        limiter.note(KIND, peer, now)
    return received


def _suspicions(form, *, many_from_one_place):
    """Return why a request is kept apart as maybe spam; empty for nearly everyone."""
    given = form.cleaned_data
    found = suspicion.reasons(
        honeypot=given["website"],
        seconds=form.token.age.total_seconds(),
        texts=[given["full_name"], given["patient_name"], given["needs"], given["notes"]],
        many_from_one_place=many_from_one_place,
    )
    return found if suspicion.is_maybe_spam(found) else []
