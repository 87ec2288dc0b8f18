"""What one sender may do to us: nobody is turned away early, and no stranger's mailbox is filled."""

from datetime import timedelta

import pytest
from django.conf import settings as site_settings
from django.utils import timezone

from appointments import acknowledging, sending
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


def test_T7_made_up_addresses_do_not_dodge_the_limit(client, place):
    for number in range(21):
        post(client, "request_send", answers(), **{"X-Forwarded-For": f"203.0.113.{number}"})

    assert kept_apart() == [""] * 20 + [f"too_fast, {MANY_FROM_ONE_PLACE}"]


def test_T7_behind_our_own_proxy_each_sender_counts_alone(client, place, settings):
    settings.TRUSTED_PROXY_COUNT = 1

    for number in range(21):
        post(client, "request_send", answers(), **{"X-Forwarded-For": f"198.51.100.7, 203.0.113.{number}"})

    assert kept_apart() == [""] * 21


def test_T7_behind_our_own_proxy_what_stands_further_left_is_not_believed(client, place, settings):
    settings.TRUSTED_PROXY_COUNT = 1

    for number in range(21):
        post(client, "request_send", answers(), **{"X-Forwarded-For": f"198.51.100.{number}, 203.0.113.9"})

    assert kept_apart()[20] == f"too_fast, {MANY_FROM_ONE_PLACE}"


def test_the_address_of_a_sender_is_stored_nowhere(client, place):
    post(client, "request_send", answers(email="alma@ex.com"))

    rows = [*AppointmentRequest.objects.values(), *Hit.objects.values(), *OutboxMessage.objects.values()]
    assert len(rows) > 3
    assert [row for row in rows if PEER in str(row) or site_settings.SECRET_KEY in str(row)] == []


def acknowledgements():
    return OutboxMessage.objects.filter(kind=acknowledging.KIND).count()


def test_T6_a_hundred_requests_to_one_address_bring_it_one_mail(client, place):
    for number in range(100):
        post(client, "request_send", answers(email="Ana@ex.com" if number % 2 else "ana@ex.com"))

    assert AppointmentRequest.objects.count() == 100
    assert acknowledgements() == 1


def test_T6_one_sender_makes_us_write_to_five_addresses_an_hour(client, place):
    for number in range(7):
        post(client, "request_send", answers(email=f"ana-{number}@ex.com"))

    assert AppointmentRequest.objects.count() == 7
    assert acknowledgements() == acknowledging.MOST_FOR_A_SENDER_AN_HOUR == 5


def test_T6_we_write_two_hundred_a_day_and_no_more(client, place):
    OutboxMessage.objects.bulk_create(
        OutboxMessage(kind=acknowledging.KIND, object_id=10**6 + number) for number in range(199)
    )

    for number in range(2):
        post(client, "request_send", answers(email=f"ana-{number}@ex.com"))

    assert acknowledgements() == acknowledging.MOST_A_DAY == 200


@pytest.mark.parametrize(
    "changes",
    [{"wants_no_email": "on"}, {"website": "https://spam.example"}, {"email": ""}],
    ids=["declined", "maybe-spam", "no-address"],
)
def test_T6_nobody_else_is_written_to(client, place, changes):
    post(client, "request_send", answers(**{"email": "ana@ex.com", **changes}))

    assert AppointmentRequest.objects.count() == 1
    assert acknowledgements() == 0


def test_T6_a_tag_makes_no_other_mailbox(client, place):
    for number in range(3):
        post(client, "request_send", answers(email=f"ana+{number}@ex.com"))

    assert acknowledgements() == 1
