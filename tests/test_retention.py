"""What patients were told of erasure happens, and only that."""

from datetime import UTC, datetime, timedelta

import pytest

from appointments import private_links, retention
from appointments.models import AppointmentRequest, RequestEvent
from appointments.models.choices import Outcome, Status
from clinic.models import AuditEvent
from tests import builders

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 16, tzinfo=UTC)
TYPED = {
    "full_name": "Alma Reyes",
    "patient_name": "Ella Reyes",
    "phone": "(555) 010-0140",
    "phone_e164": "+15550100140",
    "email": "alma@example.com",
    "needs": "a chair without arms",
    "notes": "My knee hurts on stairs.",
}


def closed(days_ago, **fields):
    closed_at = NOW - timedelta(days=days_ago)
    fields = {**TYPED, "closed_at": closed_at, "outcome": Outcome.BOOKED, **fields}
    return builders.appointment_request(status=Status.CLOSED, **fields)


def test_after_ninety_days_nothing_typed_is_left_of_a_closed_request():
    request = closed(90)
    before = {"full_name": "Alma Bell"}
    RequestEvent.objects.create(
        request=request, step="correct", remark="Alma prefers mornings.", before=before
    )
    token = private_links.token_of(request)
    assert list(AppointmentRequest.objects.matching("reyes")) == [request]

    erased = retention.erase_old(NOW)

    request.refresh_from_db()
    assert (erased, request.erased_at, request.outcome) == (1, NOW, Outcome.BOOKED)
    assert {name: getattr(request, name) for name in TYPED} == dict.fromkeys(TYPED, "")
    assert list(request.events.order_by("pk").values_list("step", "remark", "before")) == [
        ("correct", "", {}),
        ("erase", "", {}),
    ]
    assert list(AppointmentRequest.objects.matching("reyes")) == []
    assert (len(token), private_links.token_of(request), request.link_digest) == (43, None, None)
    assert list(AuditEvent.objects.values_list("action", "subject")) == [
        ("request.erased", request.reference)
    ]


def test_a_day_earlier_and_while_open_everything_stays():
    young = closed(89)
    open_request = builders.appointment_request(received_at=NOW - timedelta(days=200), **TYPED)

    assert retention.erase_old(NOW) == 0

    for request in (young, open_request):
        request.refresh_from_db()
        assert {name: getattr(request, name) for name in TYPED} == TYPED


def test_erasing_happens_once():
    closed(100)

    assert (retention.erase_old(NOW), retention.erase_old(NOW)) == (1, 0)


def test_two_requests_of_one_form_can_both_be_erased():
    first = closed(100)
    closed(100, form_token=first.form_token, replaces=first)

    assert retention.erase_old(NOW) == 2


def test_an_erased_request_is_still_in_the_lists_and_cannot_be_opened_again(client):
    place = builders.location()
    request = closed(100, location=place)
    client.force_login(builders.user("Front desk", locations=[place]))
    before = client.get(request.get_absolute_url()).content.decode()
    retention.erase_old(NOW)

    inbox = client.get("/admin/appointments/appointmentrequest/?tab=closed").content.decode()
    page = client.get(request.get_absolute_url())
    client.post(f"{request.get_absolute_url()}reopen/", {"remark": "Called again"})

    assert request.reference in inbox
    assert ("/reopen/" in before, "/reopen/" in page.content.decode()) == (True, False)
    assert AppointmentRequest.objects.get().status == Status.CLOSED
