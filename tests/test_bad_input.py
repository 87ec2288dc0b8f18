"""Bad input to the whole journey: transport, what looks alarming, and ten thousand answers at random."""

import random
import sys
from collections import Counter
from ipaddress import ip_address
from urllib.parse import quote_plus

import pytest
from django.test import Client
from django.urls import reverse

from appointments.models import AppointmentRequest
from clinic import text
from tests import builders
from tests.journey import URLENCODED, answers, post, submit

pytestmark = pytest.mark.django_db

CARD_NUMBER = "4111 1111 1111 1111"


@pytest.fixture
def place():
    return builders.location("Northside", slug="northside")


def send(client, **changes):
    return post(client, "request_send", answers(**changes))


def test_R13_a_body_in_another_encoding_is_refused(client, place):
    response = client.post(
        reverse("request_send"), b"full_name=Ana", content_type=f"{URLENCODED}; charset=utf-7"
    )

    assert response.status_code == 400
    assert AppointmentRequest.objects.count() == 0


def test_R58_over_plain_http_nothing_is_read_and_https_is_named(place, settings):
    settings.SECURE_SSL_REDIRECT, settings.SECURE_HSTS_SECONDS = True, 31536000
    client = Client()

    plain = send(client)
    secure = client.get(reverse("request_form"), secure=True)

    assert (plain.status_code, plain.headers["Location"]) == (
        301,
        "https://testserver/appointments/request/send/",
    )
    assert secure.headers["Strict-Transport-Security"] == "max-age=31536000"
    assert AppointmentRequest.objects.count() == 0


@pytest.mark.parametrize(
    "typed",
    [
        pytest.param({"notes": "<b>left</b> <script>alert(1)</script>"}, id="R43-html"),
        pytest.param({"notes": "=HYPERLINK(1)", "needs": "+1", "full_name": "-2+3"}, id="R46-formula"),
        pytest.param({"notes": "@x"}, id="R46-at-sign"),
        pytest.param({"notes": "He is 9 years old"}, id="R53-a-child"),
        pytest.param({"notes": "can't feel when I pee"}, id="R54-red-flag"),
        pytest.param({"notes": f"card {CARD_NUMBER}, 078-05-1120"}, id="R55-numbers"),
    ],
)
def test_what_looks_alarming_is_stored_as_typed_and_shown_as_text(client, place, typed):
    check = post(client, "request_form", answers(**typed))
    submit(client, check, "/send/")

    request = AppointmentRequest.objects.get()
    assert {name: getattr(request, name) for name in typed} == typed
    assert request.quarantined_at is None
    assert "<script>alert" not in check.content.decode()


def test_R54_the_confirmation_repeats_the_emergency_card(client, place):
    sent = send(client, notes="can't feel when I pee")

    page = client.get(sent.headers["Location"])

    assert page.context["received"].card_version.card.slug == "general-emergency"
    assert str(page.context["received"].card_version.card.heading) in page.content.decode()


def test_R55_the_hints_ask_not_to_send_numbers(client, place):
    form = client.get(reverse("request_form")).context["form"]

    assert str(form.fields["plan"].help_text).endswith("Never send card or member numbers.")
    assert str(form.fields["notes"].help_text).endswith("No medical details or card numbers.")


@pytest.mark.parametrize(
    "field",
    ["full_name", "patient_name", "phone", "email", "needs", "notes", "location", "therapist", "plan"],
)
@pytest.mark.parametrize("typed", ["a\x00b", "\x00"], ids=["inside", "alone"])
def test_R7_a_nul_is_refused_in_every_field(client, place, field, typed):
    builders.location()

    response = send(client, **{"location": "northside", "who": "else", "patient_name": "Leo", field: typed})

    assert list(response.context["form"].errors) == [field]
    assert AppointmentRequest.objects.count() == 0


TEXTS = {
    "full_name": text.one_line,
    "patient_name": text.one_line,
    "phone": text.one_line,
    "email": text.one_line,
    "needs": text.one_line,
    "notes": text.lines,
}
OFFERED = {
    "who": ["me", "else"],
    "channel": ["phone", "email"],
    "call_time": ["any", "morning"],
    "purpose": ["new", "change"],
    "location": ["northside", "mill-road"],
    "therapist": ["", "theo"],
    "plan": ["", "other", "self_pay"],
    "referral": ["", "no"],
    "suits": ["any", "mon", "late"],
    "screening": ["none", "yes", "direct"],
    "article": ["", "sore-heel"],
    "card": ["", "1"],
    "website": ["", "https://spam.example"],
}
USABLE = OFFERED | {
    "email": ["", "ana@ex.com", " o'brien+pt@bücher.example\n"],
    "phone": ["555.010.0199", "+44 7700 900982\t"],
}
TROUBLE = (
    "\r\n\t\v\f\x00\x1b\x85\xa0\xad\u200b\u200c\u200d\u2028\u202e\ufeff\ufffd\u0301\u0646🙂👩♀<>'\"%;=+-@,"
)
TYPED = 10_000


class Dice(random.Random):
    """What people, programs and attackers might type; the seed makes every run the same."""

    def typed(self, field):
        kind = self.random()
        if kind < 0.9 and field in USABLE:
            return self.choice(USABLE[field])
        longest = 3000 if kind > 0.97 else 20
        return "".join(self.character() for _ in range(self.randint(0, longest)))

    def character(self):
        kind = self.random()
        if kind < 0.6:
            return self.choice("aeinost .AB09")
        if kind < 0.85:
            return chr(self.randint(0xA0, 0x2FFF))
        if kind < 0.99:
            return chr(self.choice([self.randint(0x3000, 0xD7FF), self.randint(0xE000, sys.maxunicode)]))
        # One in a hundred, so that most texts can be read: controls, the unreadable and lone surrogates.
        return self.choice([*TROUBLE, chr(self.randint(0xD800, 0xDFFF))])


def percent_encoded(fields):
    """Encode as a hostile sender would: lone surrogates become the bytes that no decoder takes."""
    return "&".join(
        f"{name}={quote_plus(value.encode('utf-8', 'surrogatepass'))}" for name, value in fields.items()
    )


@pytest.mark.faults
def test_R56_ten_thousand_random_answers_bring_no_failure_and_are_stored_as_normalised(client, place):
    builders.location("Mill Road", slug="mill-road")
    builders.therapist(slug="theo")
    dice, outcomes, typed = Dice(56), Counter(), 0
    client.raise_request_exception = False

    while typed < TYPED:
        # Every other form is odd in its texts alone, so that many can be accepted.
        fields = [*TEXTS, *OFFERED] if outcomes.total() % 2 else [*TEXTS]
        given = {name: dice.typed(name) for name in fields}
        posted = answers(**{"location": "northside", **given})
        typed += len(given)
        response = client.post(
            reverse("request_send"),
            percent_encoded(posted),
            content_type=URLENCODED,
            REMOTE_ADDR=str(ip_address(outcomes.total())),
        )
        outcomes[response.status_code] += 1
        if response.status_code == 303:
            assert_stored(posted)

    assert set(outcomes) == {200, 303}, outcomes
    assert min(outcomes.values()) > outcomes.total() / 5, outcomes


def assert_stored(posted):
    request = AppointmentRequest.objects.latest("pk")
    expected = {name: normalise(posted.get(name, "")) for name, normalise in TEXTS.items()}
    if posted["who"] == "me":
        expected["patient_name"] = ""
    assert {name: getattr(request, name) for name in TEXTS} == expected
