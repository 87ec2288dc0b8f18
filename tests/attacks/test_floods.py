"""T6, T7, T27: too many, too large, too odd; no stranger's mailbox is filled, and nothing slows down."""

import time

import pytest
from django.test import Client

from appointments import acknowledging
from appointments.models import AppointmentRequest
from appointments.suspicion import MANY_FROM_ONE_PLACE
from clinic.models import OutboxMessage
from tests import builders
from tests.journey import URLENCODED, answers, post

pytestmark = pytest.mark.django_db

FORM = "/appointments/request/"
MOST_SECONDS = 0.5
MULTIPART = "multipart/form-data; boundary=x"
PART = b'--x\r\nContent-Disposition: form-data; name="a"\r\nContent-Transfer-Encoding: base64\r\n\r\n'


@pytest.fixture
def place():
    return builders.location("Northside", slug="northside")


def kept_apart():
    return list(AppointmentRequest.objects.order_by("pk").values_list("quarantine_reasons", flat=True))


def test_t7_made_up_addresses_do_not_dodge_the_limit(client, place):
    for number in range(21):
        post(client, "request_send", answers(), **{"X-Forwarded-For": f"203.0.113.{number}"})

    assert kept_apart() == [""] * 20 + [f"too_fast, {MANY_FROM_ONE_PLACE}"]


def test_t7_behind_our_own_proxy_each_sender_counts_alone(client, place, settings):
    settings.TRUSTED_PROXY_COUNT = 1

    for number in range(21):
        post(client, "request_send", answers(), **{"X-Forwarded-For": f"198.51.100.7, 203.0.113.{number}"})

    assert kept_apart() == [""] * 21


def test_t7_behind_our_own_proxy_what_stands_further_left_is_not_believed(client, place, settings):
    settings.TRUSTED_PROXY_COUNT = 1

    for number in range(21):
        post(client, "request_send", answers(), **{"X-Forwarded-For": f"198.51.100.{number}, 203.0.113.9"})

    assert kept_apart()[20] == f"too_fast, {MANY_FROM_ONE_PLACE}"


def acknowledgements():
    return OutboxMessage.objects.filter(kind=acknowledging.KIND).count()


def test_t6_a_hundred_requests_to_one_address_bring_it_one_mail(client, place):
    for number in range(100):
        post(client, "request_send", answers(email="Ana@ex.com" if number % 2 else "ana@ex.com"))

    assert AppointmentRequest.objects.count() == 100
    assert acknowledgements() == 1


def test_t6_one_sender_makes_us_write_to_five_addresses_an_hour(client, place):
    for number in range(7):
        post(client, "request_send", answers(email=f"ana-{number}@ex.com"))

    assert AppointmentRequest.objects.count() == 7
    assert acknowledgements() == acknowledging.MOST_FOR_A_SENDER_AN_HOUR == 5


def test_t6_we_write_two_hundred_a_day_and_no_more(client, place):
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
def test_t6_nobody_else_is_written_to(client, place, changes):
    post(client, "request_send", answers(**{"email": "ana@ex.com", **changes}))

    assert AppointmentRequest.objects.count() == 1
    assert acknowledgements() == 0


def test_t6_a_tag_makes_no_other_mailbox(client, place):
    for number in range(3):
        post(client, "request_send", answers(email=f"ana+{number}@ex.com"))

    assert acknowledgements() == 1


def seconds_of_work(action):
    """Return what a call gives and how long the processor works on it, however busy the machine is."""
    began = time.process_time()
    return action(), time.process_time() - began


@pytest.mark.parametrize(
    ("body", "kind", "statuses"),
    [
        pytest.param(b"a=1&" * 20_000, URLENCODED, {400, 413}, id="20000-fields"),
        pytest.param(b"notes=" + b"a" * 5_000_000, URLENCODED, {400, 413}, id="5-megabytes"),
        pytest.param(b"a[" * 20_000, URLENCODED, {200, 403, 400}, id="brackets"),
        pytest.param(b"%" * 60_000, URLENCODED, {200, 403, 400}, id="percent-signs"),
        pytest.param(PART + b" \n" * 2_000_000, MULTIPART, {415}, id="H8-base64-part-of-spaces"),
        pytest.param(b"--x" * 100_000, MULTIPART, {415}, id="boundaries"),
        pytest.param(b"[" * 100_000, "application/json", {415}, id="json"),
        pytest.param(b"<a>" * 50_000, "application/xml", {415}, id="xml"),
        pytest.param(b"a=1", "text/plain;" + ' a="b",' * 10_000, {415}, id="H4-quoted-separators"),
        pytest.param(
            b"a=1", URLENCODED + ";charset=" + "x" * 10_000, {200, 400, 403, 415}, id="long-charset"
        ),
    ],
)
def test_t27_a_hostile_body_is_answered_at_once(client, place, body, kind, statuses):
    answer, seconds = seconds_of_work(lambda: client.post(f"{FORM}send/", body, content_type=kind))

    assert answer.status_code in statuses
    assert seconds < MOST_SECONDS
    assert AppointmentRequest.objects.count() == 0


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({"Accept": ", ".join(['text/html;q="0.1"'] * 10_000)}, id="H4-accept"),
        pytest.param({"Accept-Language": "a" * 100_000}, id="U14-long-language"),
        pytest.param({"Accept-Language": "en-" * 30_000}, id="U14-many-parts"),
        pytest.param({"Accept-Language": ",".join(f"x{number}" for number in range(20_000))}, id="U14-many"),
        pytest.param({"Accept-Encoding": "gzip;q=0," * 10_000}, id="encodings"),
        pytest.param(
            {"Cookie": "sessionid=" + "a" * 8_000 + "; sessionid=b; =; ;;csrftoken"}, id="H6-cookie"
        ),
        pytest.param({"Cookie": ";".join(f"c{number}=1" for number in range(5_000))}, id="H6-many-cookies"),
        pytest.param({"If-None-Match": '"' * 50_000}, id="etags"),
        pytest.param({"If-Modified-Since": "Mon, " * 10_000}, id="dates"),
        pytest.param({"Range": "bytes=" + "0-1," * 10_000}, id="ranges"),
        pytest.param({"X-Forwarded-For": "203.0.113.9, " * 10_000}, id="H2-forwarded"),
        pytest.param({"User-Agent": "\x1b[31m" + "a" * 10_000}, id="H11-agent"),
        pytest.param({"Referer": "https://elsewhere.example/?" + "q=1&" * 20_000}, id="H12-referer"),
    ],
)
@pytest.mark.parametrize("path", [FORM, "/nowhere/"])
def test_t27_a_hostile_header_is_answered_at_once(place, path, headers):
    client = Client(raise_request_exception=False)
    client.get(path)

    answer, seconds = seconds_of_work(lambda: client.get(path, headers=headers))

    assert answer.status_code == (200 if path == FORM else 404)
    assert seconds < MOST_SECONDS


@pytest.mark.parametrize(
    "path",
    [
        pytest.param("/%00/", id="U1-nul"),
        pytest.param("/%ff/", id="U1-broken"),
        pytest.param("/%c0%ae%c0%ae/", id="U1-overlong"),
        pytest.param("/articles/..%2f..%2fetc/", id="U1-dots"),
        pytest.param("/articles/..;/admin/", id="U1-semicolon"),
        pytest.param("/media/..%2f..%2fsite.sqlite3", id="U1-media"),
        pytest.param("/xx/", id="U14-language"),
        pytest.param(f"/{'x' * 1000}/", id="U14-long"),
        pytest.param(f"/{'a/' * 2000}", id="U1-deep"),
        pytest.param("/articles/nobody-wrote-this/", id="U9-unknown"),
        pytest.param("/appointments/r/AAAA/", id="U9-token"),
        pytest.param("/appointments/received/forged/nothing/", id="U9-reference"),
        pytest.param("/locations/;jsessionid=1/", id="U13-session"),
    ],
)
def test_t27_an_odd_address_is_not_found_at_once(path):
    client = Client(raise_request_exception=False)
    client.get("/nowhere/")

    answer, seconds = seconds_of_work(lambda: client.get(path))

    assert answer.status_code == 404
    assert seconds < MOST_SECONDS


@pytest.mark.parametrize("origin", ["null", "https://evil.example", "http://testserver.evil.example"])
def test_t8_h10_a_form_sent_from_another_site_is_refused_with_its_answers_kept(place, origin):
    client = Client(enforce_csrf_checks=True)
    token = client.get(FORM).cookies["csrftoken"].value
    fields = answers(notes="Mornings only", csrfmiddlewaretoken=token)

    answer = post(client, "request_send", fields, Origin=origin)

    assert (answer.status_code, "Mornings only" in answer.text) == (403, True)
    assert AppointmentRequest.objects.count() == 0
