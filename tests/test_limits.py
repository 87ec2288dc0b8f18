"""What one sender may do to us: nobody is turned away early, and what comes too often is kept apart."""

from datetime import timedelta

import pytest
from django.conf import settings as site_settings
from django.utils import timezone

from appointments import sending
from appointments.models import AppointmentRequest
from appointments.suspicion import MANY_FROM_ONE_PLACE
from clinic import facts, limiter
from clinic.models import Clinic, Hit, OutboxMessage
from tests import builders
from tests.journey import answers, form_on, post

pytestmark = pytest.mark.django_db

# Of the test client.
PEER = "127.0.0.1"


@pytest.fixture
def place():
    return builders.location("Northside", slug="northside")


def sent_already(times, *, peer=PEER, ago=timedelta(minutes=5)):
    for _number in range(times):
        limiter.note(sending.KIND, peer, timezone.now() - ago)


def kept_apart():
    return list(AppointmentRequest.objects.order_by("pk").values_list("quarantine_reasons", flat=True))


def test_R51_the_twentieth_request_of_a_place_is_one_like_any_other(client, place):
    sent_already(19)

    post(client, "request_send", answers())

    assert kept_apart() == [""]


def test_R51_the_twenty_first_within_an_hour_is_kept_apart(client, place):
    sent_already(20)

    response = post(client, "request_send", answers())

    assert response.status_code == 303
    assert kept_apart() == [f"too_fast, {MANY_FROM_ONE_PLACE}"]


@pytest.mark.parametrize("already", [99, 100])
def test_R51_the_hundred_and_first_is_refused_with_its_answers_kept(client, place, already):
    Clinic.objects.create(phone="773 555 0100")
    facts.publish()
    sent_already(already)
    fields = answers(notes="Mornings", suits=["mon", "tue"])

    response = post(client, "request_send", fields)

    is_refused = already == 100
    assert response.status_code == (429 if is_refused else 303)
    assert AppointmentRequest.objects.count() == OutboxMessage.objects.count() == (0 if is_refused else 1)
    assert Hit.objects.count() == 100
    if is_refused:
        kept = form_on(response, "/send/").fields
        assert [value for name, value in kept if name == "suits"] == ["mon", "tue"]
        assert dict(kept)["notes"] == "Mornings"
        assert response.headers["Retry-After"] == "3600"
        assert '<a class="phone-large" href="tel:+17735550100">773 555 0100</a>' in response.content.decode()


def test_R51_an_hour_later_the_answers_in_the_page_can_be_sent(client, place):
    sent_already(100)
    refused = post(client, "request_send", answers())
    Hit.objects.update(at=timezone.now() - sending.HOUR)

    again = post(client, "request_send", form_on(refused, "/send/").fields)

    assert again.status_code == 303
    assert AppointmentRequest.objects.get().full_name == "Alma Reyes"


def test_R51_a_click_too_many_is_neither_counted_nor_refused(client, place):
    sent_already(99)
    fields = answers()

    first, second = post(client, "request_send", fields), post(client, "request_send", fields)

    assert (first.status_code, second.status_code) == (303, 303)
    assert AppointmentRequest.objects.count() == 1
    assert Hit.objects.count() == 100


def test_R51_what_other_places_send_does_not_count(client, place):
    sent_already(100, peer="203.0.113.9")

    post(client, "request_send", answers())

    assert kept_apart() == [""]


def test_the_address_of_a_sender_is_stored_nowhere(client, place):
    post(client, "request_send", answers(email="alma@ex.com"))

    rows = [*AppointmentRequest.objects.values(), *Hit.objects.values(), *OutboxMessage.objects.values()]
    assert len(rows) > 3
    assert [row for row in rows if PEER in str(row) or site_settings.SECRET_KEY in str(row)] == []
