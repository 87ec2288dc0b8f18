"""Before you start: the question, the way each answer leads, and what is counted of it."""

import re
from datetime import UTC, datetime, timedelta
from html import escape, unescape

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.urls import reverse

from appointments.models import AppointmentRequest, ScreeningCount
from appointments.models.choices import Purpose, Screening
from articles.models import CareCard, CareCardVersion
from clinic import emergency, facts
from clinic.models import Clinic, Location
from tests import builders
from tests.journey import answers, form_on, post, refuse_inserts_into, say, submit

pytestmark = pytest.mark.django_db

# A Monday, 10 am and 9 pm in Chicago.
MONDAY = datetime(2026, 11, 23, 16, tzinfo=UTC)
MONDAY_NIGHT = MONDAY + timedelta(hours=11)
ANSWERS = ["none", "yes", "not-sure"]


@pytest.fixture
def place():
    place = builders.location("Northside", slug="northside", time_zone="America/Chicago")
    Clinic.objects.update_or_create(pk=1, defaults={"phone": "773 555 0100"})
    facts.publish()
    return place


@pytest.fixture
def wording():
    return CareCard.objects.get(slug="general-emergency").live


@pytest.fixture
def article():
    topic = builders.topic(cards=[CareCard.objects.get(slug="back-and-leg-emergency")])
    return builders.published_article(main_topic=topic, title="Sciatica")


def start(client, **query):
    return client.get(reverse("request_start"), query)


def text_of(response):
    return " ".join(response.content.decode().split())


def counted():
    """Return how often each step was counted with each wording."""
    rows = ScreeningCount.objects.values_list("wording", "step", "count")
    return {(wording, step): count for wording, step, count in rows}


def reword(card):
    card.live = CareCardVersion.objects.create(card=card, number=2, bullets="Something else")
    card.save()


@pytest.mark.parametrize(
    ("answer", "name", "steps"),
    [
        ("none", "request_form", ["shown", "none"]),
        ("yes", "request_emergency", ["shown", "yes"]),
        ("not-sure", "request_start", ["shown", "not_sure"]),
    ],
)
def test_an_answer_leads_where_it_should_and_is_counted_once(client, place, article, answer, name, steps):
    led = submit(client, start(client, article="sciatica"), "/appointments/", answer=answer)

    shown = client.get(led.headers["Location"])
    wording = CareCard.objects.get(slug="back-and-leg-emergency").live.pk
    ending = "&answer=not-sure" if answer == "not-sure" else ""
    assert led.status_code == 303
    assert led.headers["Location"] == f"{reverse(name)}?article=sciatica&card={wording}{ending}"
    assert shown.status_code == 200
    assert counted() == {(wording, step): 1 for step in steps}


def test_whoever_goes_on_after_emergency_advice_is_counted_as_having_come_back(client, place, wording):
    advice = say(client, start(client), "yes")

    form = submit(client, advice, "/request/", begin="yes")

    assert form.context["origin"].screening == Screening.YES
    assert counted() == {(wording.pk, step): 1 for step in ("shown", "yes", "came_back")}


def test_whoever_goes_on_unsure_has_not_come_back(client, place, wording):
    unsure = say(client, start(client), "not-sure")

    form = submit(client, unsure, "/request/", begin="yes")

    assert form.context["origin"].screening == Screening.NOT_SURE
    assert counted() == {(wording.pk, step): 1 for step in ("shown", "not_sure")}


def test_counts_add_up_by_day(client, place, wording):
    for moment in (MONDAY, MONDAY, MONDAY + timedelta(days=1)):
        with time_machine.travel(moment, tick=False):
            say(client, start(client), "none")

    rows = ScreeningCount.objects.filter(step="none").order_by("day")
    assert [(f"{row.day}", row.count) for row in rows] == [("2026-11-23", 2), ("2026-11-24", 1)]


def test_a_day_is_a_day_of_the_clinic(client, place):
    with time_machine.travel(MONDAY_NIGHT, tick=False):
        start(client)

    assert f"{ScreeningCount.objects.get().day}" == "2026-11-23"


def test_a_browser_that_fetches_every_link_ahead_gives_no_answer(client, place, wording):
    links = re.findall('href="(/appointments/[^"]*)"', start(client).content.decode())

    for link in links:
        client.get(unescape(link))

    in_menu_and_header = [reverse("request_start")] * 2
    assert links == [*in_menu_and_header, f"{reverse('request_form')}?purpose=change"]
    assert counted() == {(wording.pk, "shown"): 3}


@pytest.mark.parametrize("name", ["request_start", "request_emergency", "request_form"])
def test_whoever_looks_at_the_headers_alone_is_not_counted(client, place, name):
    client.head(reverse(name))

    assert counted() == {}


@pytest.mark.parametrize("fields", [{}, {"answer": ""}, {"answer": "direct"}, {"answer": "not_sure"}])
def test_a_post_without_an_answer_of_ours_counts_nothing(client, place, wording, fields):
    response = post(client, "request_start", {"card": wording.pk, **fields})

    assert (response.status_code, response.headers["Location"]) == (302, reverse("request_start"))
    assert counted() == {}


def test_an_answer_counts_for_the_wording_that_was_read(client, place, wording):
    page = start(client)
    reword(wording.card)

    form = say(client, page, "none")

    origin = form.context["origin"]
    assert counted() == {(wording.pk, "shown"): 1, (wording.pk, "none"): 1}
    assert (origin.screening, origin.card) == (Screening.DIRECT, wording.card.live)


@pytest.mark.parametrize("card", ["abc", "0", "99999999999999999999", "\x00", "", "urgent"])
def test_an_answer_counts_for_no_other_card_than_an_emergency_card(client, place, wording, card):
    urgent = CareCard.objects.get(slug="general-urgent").live

    post(client, "request_start", {"answer": "yes", "card": urgent.pk if card == "urgent" else card})

    assert counted() == {(wording.pk, "yes"): 1}


def test_a_question_that_was_not_asked_is_not_counted(client):
    builders.location(takes_online_requests=False)

    page = start(client)

    assert "Do you have any of these now?" not in text_of(page)
    assert counted() == {}


def test_a_clinic_without_an_emergency_card_asks_and_counts_nothing(client, place):
    CareCard.objects.update(live=None)

    form = say(client, start(client), "none")

    assert form.context["origin"].screening == Screening.DIRECT
    assert counted() == {}


@pytest.mark.parametrize("answer", ANSWERS)
def test_p11_on_a_full_disk_the_page_shows_and_each_answer_leads_on(client, place, answer):
    refuse_inserts_into("appointments_screeningcount")

    page = start(client)
    led = say(client, page, answer)

    assert (page.status_code, led.status_code) == (200, 200)
    assert "Call 911 or go to the emergency room now" in text_of(page)
    assert counted() == {}


def test_p11_on_a_full_disk_the_way_on_after_advice_is_open(client, place):
    refuse_inserts_into("appointments_screeningcount")

    form = submit(client, say(client, start(client), "yes"), "/request/", begin="yes")

    assert (form.status_code, form.context["origin"].screening) == (200, Screening.YES)


def test_without_a_database_an_answer_is_met_with_the_phone_number(client, place):
    page = start(client)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE articles_carecardversion RENAME TO away")

    failed = submit(client, page, "/appointments/", answer="yes")

    assert failed.status_code == 503
    assert "773 555 0100" in text_of(failed)
    assert "call <strong>911</strong>" in text_of(failed)
    assert "Your answers are not saved with us yet" not in text_of(failed)


@pytest.mark.parametrize("answer", ANSWERS)
def test_question_and_answer_need_no_cookie(place, answer):
    stranger = Client(enforce_csrf_checks=True)

    page = start(stranger)
    led = submit(stranger, page, "/appointments/", answer=answer)

    assert led.status_code == 303
    assert list(stranger.cookies) == []


@pytest.mark.parametrize("answer", ["yes", "not-sure"])
def test_whoever_goes_on_to_the_form_needs_no_cookie_before_it(place, wording, answer):
    stranger = Client(enforce_csrf_checks=True)
    advice = say(stranger, start(stranger), answer)
    before = list(stranger.cookies)

    form = submit(stranger, advice, "/request/", begin="yes")

    assert (before, form.status_code, list(stranger.cookies)) == ([], 200, ["csrftoken"])
    assert counted().get((wording.pk, "came_back"), 0) == (1 if answer == "yes" else 0)


def test_what_a_link_names_stays_with_the_patient_through_the_question(client, place):
    builders.location("Mill Road", slug="mill-road")
    therapist = builders.therapist()

    page = start(client, therapist=therapist.slug, location="mill-road", purpose="change")
    fields = dict(form_on(say(client, page, "none"), "/request/").fields)

    assert (fields["therapist"], fields["location"], fields["purpose"]) == (
        therapist.slug,
        "mill-road",
        "change",
    )


def test_out_of_hours_the_urgent_text_says_when_we_open_and_what_to_do(client, place):
    with time_machine.travel(MONDAY_NIGHT, tick=False):
        page, unsure = start(client), start(client, answer="not-sure")

    assert (
        '<strong class="open-now">Closed, opens tomorrow, 8 am.</strong> '
        "If it can’t wait: Call your doctor’s after-hours line or go to urgent care." in text_of(page)
    )
    assert '<h1>Not sure? We are closed now</h1> <div class="panel panel-emergency">' in text_of(unsure)
    assert "Call your doctor’s after-hours line or go to urgent care. With any of the" in text_of(unsure)
    assert '<p class="open-line">Closed, opens tomorrow, 8 am</p>' in text_of(unsure)


def test_while_one_place_is_open_nobody_is_told_that_we_are_closed(client, place):
    builders.location("Mill Road", weekdays=[5])
    facts.publish()

    with time_machine.travel(MONDAY, tick=False):
        page, unsure = start(client), start(client, answer="not-sure")

    assert "If it can’t wait" not in text_of(page) + text_of(unsure)
    assert "If it gets worse, don’t wait for us." in text_of(unsure)


def test_urgent_cards_inform_beside_the_question_and_divert_nobody(client, place):
    page = start(client)

    assert [card.slug for card in page.context["other_cards"]] == ["general-urgent"]
    assert "Call your doctor today if:" in text_of(page)
    assert form_on(page, "/appointments/").action == reverse("request_start")


def test_to_change_an_appointment_the_phone_comes_first_and_the_form_knows_the_purpose(client, place):
    page = start(client)
    form = client.get(reverse("request_form"), {"purpose": "change"})
    check = submit(client, form, "/request/", full_name="Alma Reyes", phone="(555) 010-0177")
    submit(client, check, "/send/")

    block = text_of(page).partition('<h2 id="change">Change or cancel an appointment</h2>')[2]
    asked = AppointmentRequest.objects.get()
    assert block.index('<a href="tel:+17735550100">773 555 0100</a>') < block.index("?purpose=change")
    assert "<details open> <summary><strong>Call 911" in text_of(form)
    assert (asked.purpose, asked.screening) == (Purpose.CHANGE, Screening.DIRECT)


@pytest.mark.parametrize("purpose", ["new", "returning", "abc", ""])
def test_a_link_names_no_other_purpose(client, place, purpose):
    form = client.get(reverse("request_form"), {"purpose": purpose})

    assert dict(form_on(form, "/request/").fields)["purpose"] == "new"


def test_without_online_requests_a_change_is_for_the_phone(client, place):
    Location.objects.update(takes_online_requests=False)

    block = text_of(start(client)).partition("Change or cancel an appointment</h2>")[2]

    assert '<a href="tel:+17735550100">773 555 0100</a>' in block
    assert "purpose=change" not in block


def test_shipped_warning_signs_are_few_and_new():
    cards = CareCard.objects.filter(level__in=["emergency", "urgent"]).select_related("live")

    assert len(cards) > 5
    for card in cards:
        assert 1 <= len(card.live.bullet_list) <= 6
        assert card.live.introduction.count("is new") == 1
        assert [sign for sign in card.live.bullet_list if "getting worse" in sign] == []


@pytest.mark.parametrize("country", ["US", "GB", "IE"])
def test_t30_the_card_stands_before_on_and_after_the_form(client, place, wording, settings, country):
    settings.COUNTRY = country

    page = start(client)
    form = say(client, page, "none")
    sent = post(client, "request_send", answers(phone="", channel="email", email="alma@ex.com"))
    received = client.get(sent.headers["Location"])

    line = emergency.for_country(country)
    others = {"911", "999", "112"} - {line.number}
    for shown in (page, form, received):
        said = [line.heading("emergency"), wording.introduction, *wording.bullet_list]
        assert [part for part in said if escape(str(part)) not in text_of(shown)] == []
        assert re.findall(rf"\b({'|'.join(others)})\b", re.sub("<[^>]*>", "", text_of(shown))) == []
