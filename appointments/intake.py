"""Accept a request: the row and the mail it owes, in one transaction."""

import hashlib
import json
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import F

from appointments import acknowledging, private_links, search_keys, suspicion
from appointments.models import AppointmentRequest, RequestEvent, SearchKey
from appointments.models.choices import Outcome, Screening, Source, Status
from appointments.references import new_reference
from articles.models import Article, CareCardVersion
from clinic import outbox
from clinic.models import Clinic

# Bumped when the privacy notice over the Send button changes, so that each row says which one was read.
NOTICE_VERSION = "2026-11"


@dataclass(frozen=True)
class Arrival:
    """How a request came: what the patient saw and said first, where from, and what looks odd.

    `peer` is the sender's network address, for limits alone: it is not stored. `self_test` is the id of
    the site's own test, which the desk never sees.
    """

    screening: str = Screening.DIRECT
    card_version: CareCardVersion | None = None
    article: Article | None = None
    source: str = Source.WEB
    suspicions: tuple[str, ...] = ()
    peer: str = ""
    self_test: int | None = None

    @property
    def is_urgent(self):
        """Whoever has warning signs, or is not sure, is called first."""
        return self.screening in (Screening.YES, Screening.NOT_SURE)


def accept(answers, *, token, arrival, now, by=None):
    """Store a patient's request together with the message it owes, and return it.

    `answers` are model fields by name; `by` is whoever at the desk took it down. The same token with
    the same answers returns the first request; with changed answers it stores a new one that replaces
    the earlier and keeps its owner, so that a corrected phone number is never lost. Raises
    DatabaseError if nothing was stored.
    """
    requests = AppointmentRequest.probes if arrival.self_test else AppointmentRequest.objects
    sent = requests.filter(form_token=token).order_by("-pk")
    # Who finds warning signs after all has changed an answer, too.
    said = {**answers, "screening": arrival.screening}
    try:
        with transaction.atomic():
            # Corrections sent at once queue at the form's oldest row, then replace the newest.
            locked = sent.select_for_update(of=("self",))
            earlier = locked.first() if locked.last() else None
            return (
                earlier if _says(earlier, said) else _store(answers, said, token, earlier, arrival, now, by)
            )
    except IntegrityError:
        # Lost a race against the same form; the winner's row is committed by now.
        winner = sent.first()
        if _says(winner, said):
            return winner
        raise


def digest_of(answers, *, replaces=None):
    """Return the SHA-256 of the answers, whatever order they came in, and of the request they replace.

    Whoever corrects a number and then takes the correction back sends the first answers once more;
    what they replace tells this from a click too many.
    """
    plain = {name: getattr(value, "pk", value) for name, value in answers.items()}
    return hashlib.sha256(json.dumps([plain, replaces], sort_keys=True).encode()).hexdigest()


def _says(request, said):
    return request is not None and request.answers_digest == digest_of(said, replaces=request.replaces_id)


def _store(answers, said, token, earlier, arrival, now, by):
    request = AppointmentRequest(
        **answers,
        form_token=token,
        answers_digest=digest_of(said, replaces=earlier and earlier.pk),
        screening=arrival.screening,
        card_version=arrival.card_version,
        article=arrival.article,
        source=Source.PROBE if arrival.self_test else arrival.source,
        notice_version=NOTICE_VERSION,
        is_urgent=arrival.is_urgent,
        received_at=now,
        replaces=earlier,
    )
    # Of references as short as these one in ten thousand is taken after some years.
    while AppointmentRequest.objects.filter(reference=request.reference).exists():
        request.reference = new_reference()
    open_link(request)
    promise(request, now)
    if suspicions := _suspicions(arrival, earlier):
        quarantine(request, suspicions, now)
    if earlier and earlier.is_open:
        _keep_owner(request, earlier)
        _keep_calls(request, earlier)
        _close_replaced(earlier, now)
    request.save(force_insert=True)
    _tell(request, arrival, now, by)
    return request


def _tell(request, arrival, now, by):
    if arrival.self_test:
        # Found by no search and told to nobody but those who look after the site.
        outbox.owe("self_test", arrival.self_test)
        return
    renew_keys(request)
    RequestEvent.objects.create(request=request, step="received", at=now, actor=by)
    # Whoever took it down knows of it; the clock watches it like any other.
    if arrival.source != Source.DESK:
        outbox.owe("front_desk_notice", request.pk)
    acknowledging.owe(request, peer=arrival.peer, now=now)


def open_link(request):
    """Let the private link of a request open it."""
    request.link_digest = private_links.digest_of(private_links.make(request.reference, request.link_nonce))


def renew_keys(request):
    """Let the desk find a request by its name, phone number and e-mail address as they are now."""
    SearchKey.objects.filter(request=request).delete()
    SearchKey.objects.bulk_create(SearchKey(request=request, key=key) for key in search_keys.of(request))


def promise(request, now):
    """Work out, in the location's open hours, by when we answer and when the desk is warned."""
    target = (Clinic.objects.first() or Clinic()).response_target(urgent=request.is_urgent)
    schedule = request.location.schedule()
    request.due_at = schedule.add_open_time(now, target)
    request.alarm_at = schedule.add_open_time(now, target * 0.75)
    request.surfaces_at = schedule.add_open_time(now, target * 0.5)


def quarantine(request, suspicions, now):
    """Keep a suspect request apart until half of its promised time has passed."""
    request.quarantined_at = now
    request.quarantine_reasons = ", ".join(suspicions)


def _suspicions(arrival, earlier):
    """Leave out where a correction came from: the request that it replaces is already in the list."""
    if not (earlier and earlier.is_open and earlier.quarantined_at is None):
        return arrival.suspicions
    others = [reason for reason in arrival.suspicions if reason != suspicion.MANY_FROM_ONE_PLACE]
    return others if suspicion.is_maybe_spam(others) else []


def _keep_calls(request, earlier):
    """Leave a correction with the calls that were made; at another number or address nobody was called yet.

    When to try next is not kept: the patient has just answered.
    """
    if (request.phone, request.email) == (earlier.phone, earlier.email):
        request.called_at, request.attempts = earlier.called_at, earlier.attempts
        request.heard_from = earlier.heard_from


def _keep_owner(request, earlier):
    """Leave a correction with whoever works on the request, as something to do: the patient has answered.

    At another location it is nobody's yet, since the owner may not see that location's requests.
    """
    if earlier.owner_id and earlier.location_id == request.location_id:
        request.owner, request.status = earlier.owner, Status.CLAIMED


def _close_replaced(earlier, now):
    AppointmentRequest.objects.filter(pk=earlier.pk).update(
        status=Status.CLOSED, outcome=Outcome.REPLACED, closed_at=now, version=F("version") + 1
    )
    RequestEvent.objects.create(request=earlier, step="replaced", at=now)
