"""The patient's journey: what is asked, carried along, stored, confirmed, and what happens when it fails."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from appointments import confirmation
from appointments.models import AppointmentRequest
from appointments.models.choices import Outcome, Screening, Status
from articles.models import CareCard, CareCardVersion
from clinic import facts
from clinic.models import Clinic
from tests import builders
from tests.journey import accept_inserts_into, answers, form_on, post, refuse_inserts_into, say, submit

pytestmark = pytest.mark.django_db

# A Monday, 10 am in Chicago.
MONDAY = datetime(2026, 11, 23, 16, tzinfo=UTC)
GET_PAGES = ["request_start", "request_emergency", "request_form"]
POST_PAGES = ["request_form", "request_change", "request_send"]


@pytest.fixture
def place():
    return builders.location("Northside", slug="northside", time_zone="America/Chicago")


@pytest.fixture
def mill_road():
    return builders.location("Mill Road", slug="mill-road", time_zone="America/Chicago")


@pytest.fixture
def article():
    card = CareCard.objects.get(slug="back-and-leg-emergency")
    topic = builders.topic()
    topic.required_cards.add(card)
    return builders.published_article(main_topic=topic, title="Sciatica")


@pytest.fixture
def without_cookies():
    """A browser that keeps no cookies, and a server that checks for them."""
    return Client(enforce_csrf_checks=True)


def get(client, name, **query):
    return client.get(reverse(name), query)


def text_of(response):
    return " ".join(response.content.decode().split())


def test_from_an_article_to_the_confirmation_everything_chosen_is_carried_and_stored(
    client, place, mill_road, article
):
    therapist = builders.therapist("Dana Whitcomb")
    card = CareCard.objects.get(slug="back-and-leg-emergency").live

    start = get(client, "request_start", article=article.slug, therapist=therapist.slug, location="mill-road")
    form = say(client, start, "none")
    check = submit(client, form, "/request/", full_name="Alma Reyes", phone="(555) 010-0177")
    sent = submit(client, check, "/send/")
    received = client.get(sent.headers["Location"])

    request = AppointmentRequest.objects.get()
    assert (request.article, request.therapist, request.location) == (article, therapist, mill_road)
    assert (request.card_version, request.screening) == (card, Screening.NONE)
    assert (request.full_name, request.phone, request.is_urgent) == ("Alma Reyes", "(555) 010-0177", False)
    assert sent.status_code == 303
    assert received.context["received"] == request


def test_the_confirmation_says_reference_time_and_phone(client, place):
    with time_machine.travel(MONDAY, tick=False):
        sent = post(client, "request_send", answers())
        received = client.get(sent.headers["Location"])

    request = AppointmentRequest.objects.get()
    assert f'<strong class="reference">{request.reference}</strong>' in text_of(received)
    assert "We will call you by <strong>Monday 23 November, 2 pm</strong>" in text_of(received)
    assert '<strong class="nowrap">773 555 0110</strong>' in text_of(received)
    assert "This is not yet an appointment." in text_of(received)
    assert received.context["received"].card_version.card.slug == "general-emergency"


def test_who_asked_for_an_e_mail_is_promised_one(client, place):
    sent = post(client, "request_send", answers(channel="email", email="alma@ex.com", phone=""))

    assert "We will write to you by <strong>" in text_of(client.get(sent.headers["Location"]))


def test_the_start_page_says_by_when_each_place_answers(client, place, mill_road):
    mill_road.opening_hours.filter(weekday=0).delete()

    with time_machine.travel(MONDAY, tick=False):
        start = get(client, "request_start")

    assert [(promise.places, promise.by) for promise in start.context["promises"]] == [
        ("Mill Road", "tomorrow, 12 noon"),
        ("Northside", "today, 2 pm"),
    ]


def test_places_that_answer_at_the_same_time_are_told_as_one(client, place, mill_road):
    with time_machine.travel(MONDAY, tick=False):
        start = get(client, "request_start")

    assert [promise.by for promise in start.context["promises"]] == ["today, 2 pm"]


def test_a_clinic_without_online_requests_asks_people_to_call(client):
    builders.location(takes_online_requests=False)

    start = get(client, "request_start")

    assert "We take no requests online at the moment. Call us instead." in text_of(start)
    assert reverse("request_form") not in text_of(start)
    assert get(client, "request_form").headers["Location"] == reverse("request_start")


@pytest.mark.parametrize(
    "slug, expected", [("article", "back-and-leg-emergency"), ("unknown", "general-emergency")]
)
def test_the_emergency_card_fits_where_the_patient_comes_from(client, place, article, slug, expected):
    start = get(client, "request_start", article=article.slug if slug == "article" else slug)

    assert start.context["origin"].card.card.slug == expected
    assert [card.slug for card in start.context["other_cards"]] == ["general-urgent"]


def test_with_warning_signs_the_way_on_is_an_urgent_request(client, place):
    start = get(client, "request_start")

    emergency = say(client, start, "yes")
    form = submit(client, emergency, "/request/", begin="yes")
    check = submit(client, form, "/request/", full_name="Alma Reyes", phone="(555) 010-0177")
    submit(client, check, "/send/")

    request = AppointmentRequest.objects.get()
    assert "<h1>Call 911 or go to the emergency room now</h1>" in text_of(emergency)
    assert (request.screening, request.is_urgent) == (Screening.YES, True)
    assert request.card_version == CareCard.objects.get(slug="general-emergency").live


def test_whoever_is_not_sure_may_call_or_send_an_urgent_request(client, place):
    Clinic.objects.create(phone="773 555 0100")
    facts.publish()

    with time_machine.travel(MONDAY, tick=False):
        unsure = get(client, "request_start", answer="not-sure")
    form = submit(client, unsure, "/request/", begin="yes")
    check = submit(client, form, "/request/", full_name="Alma Reyes", phone="(555) 010-0177")
    submit(client, check, "/send/")

    request = AppointmentRequest.objects.get()
    assert '<a class="phone-large" href="tel:+17735550100">773 555 0100</a>' in text_of(unsure)
    assert "Open now until 6 pm" in text_of(unsure)
    assert "We will call you by <strong>today, 11 am</strong>" in text_of(unsure)
    assert (request.screening, request.is_urgent) == (Screening.NOT_SURE, True)


def test_the_form_opened_directly_shows_and_keeps_the_emergency_card(client, place):
    form = get(client, "request_form")
    check = submit(client, form, "/request/", full_name="Alma Reyes", phone="(555) 010-0177")
    submit(client, check, "/send/")

    request = AppointmentRequest.objects.get()
    assert "<details open>" in text_of(form)
    assert request.screening == Screening.DIRECT
    assert request.card_version == CareCard.objects.get(slug="general-emergency").live


def test_the_wording_that_was_seen_is_kept_although_a_new_one_came_since(client, place):
    card = CareCard.objects.get(slug="general-emergency")
    seen = card.live
    form = say(client, get(client, "request_start"), "none")
    card.live = CareCardVersion.objects.create(card=card, number=2, bullets="Something else")
    card.save()

    check = submit(client, form, "/request/", full_name="Alma Reyes", phone="(555) 010-0177")
    submit(client, check, "/send/")

    request = AppointmentRequest.objects.get()
    assert (request.card_version, request.screening) == (seen, Screening.NONE)


@pytest.mark.parametrize("card", ["0", "abc", "99999999999999999999", "\x00", ""])
def test_a_link_that_names_no_live_card_counts_as_not_asked(client, place, card):
    form = get(client, "request_form", card=card)

    assert form.context["origin"].screening == Screening.DIRECT


def test_an_old_link_with_an_earlier_wording_counts_as_not_asked(client, place):
    card = CareCard.objects.get(slug="general-emergency")
    earlier = card.live
    card.live = CareCardVersion.objects.create(card=card, number=2, bullets="Something else")
    card.save()

    origin = get(client, "request_form", card=earlier.pk).context["origin"]

    assert (origin.screening, origin.card) == (Screening.DIRECT, card.live)


def test_what_a_link_names_is_chosen_already_and_can_be_changed(client, place, mill_road):
    therapist = builders.therapist("Dana Whitcomb")

    form = get(client, "request_form", therapist=therapist.slug, location="mill-road")

    fields = dict(form_on(form, "/request/").fields)
    assert (fields["therapist"], fields["location"]) == (therapist.slug, "mill-road")


def test_what_a_link_names_but_is_not_offered_is_ignored(client, place, mill_road):
    draft = builders.article()
    gone = builders.therapist("Rachel Moor", left_on="2026-01-01")
    builders.location("Harbor Point", slug="harbor-point", takes_online_requests=False)

    form = get(client, "request_form", article=draft.slug, therapist=gone.slug, location="harbor-point")

    fields = dict(form_on(form, "/request/").fields)
    assert ("article" in fields, fields["therapist"], "location" in fields) == (False, "", False)


@pytest.mark.parametrize("name", GET_PAGES)
def test_u12_what_campaigns_add_to_an_address_is_dropped(client, place, name):
    response = get(client, name, full_name="Alma", email="alma@ex.com", utm_source="x", location="northside")

    assert (response.status_code, response.headers["Location"]) == (
        302,
        f"{reverse(name)}?location=northside",
    )


def test_the_check_page_shows_how_to_reach_the_patient_first(client, place):
    response = post(
        client, "request_form", answers(who="else", patient_name="Leo Reyes", suits=["mon", "late"])
    )

    context = response.context
    others = {answer.label: str(answer.said) for answer in context["others"]}
    assert [answer.said for answer in context["contact"]] == ["Alma Reyes", "Leo Reyes", "(555) 010-0177"]
    assert others["When would suit you?"] == "Mon, Late in the day"
    assert others["Therapist"] == "No preference"
    assert others["Has a doctor referred you?"] == "Not provided"
    assert (others["Leave a message"], others["Automatic e-mails"]) == ("No", "Yes")
    assert AppointmentRequest.objects.count() == 0


def test_every_answer_can_be_changed_where_it_was_typed(client, place, mill_road):
    check = post(client, "request_form", answers(location="mill-road", notes="Two\nlines"))

    anchors = [answer.anchor for answer in [*check.context["contact"], *check.context["others"]]]
    fields = form_on(check, "/send/").fields
    changed = post(client, "request_change", fields)

    page = changed.content.decode()
    assert [anchor for anchor in anchors if f'id="{anchor}"' not in page] == []
    assert dict(form_on(changed, "/request/").fields)["notes"] == "Two\nlines"
    assert changed.context["form"].errors == {}


def test_answers_are_in_no_address_session_or_cookie(client, place):
    form = get(client, "request_form")
    check = submit(client, form, "/request/", full_name="Canary Wharf", phone="(555) 010-0177")
    sent = submit(client, check, "/send/")

    traces = [sent.headers["Location"], *(str(cookie) for cookie in client.cookies.values())]
    assert "Canary Wharf" in check.content.decode()
    assert [trace for trace in traces if "Canary" in trace or "0177" in trace] == []
    assert list(client.cookies) == ["csrftoken"]


@pytest.mark.parametrize(
    "name, query, cookies",
    [
        ("request_start", {}, []),
        ("request_start", {"answer": "not-sure"}, []),
        ("request_emergency", {}, []),
        ("request_form", {}, ["csrftoken"]),
    ],
)
def test_only_a_page_with_a_form_sets_the_csrf_cookie(client, place, name, query, cookies):
    get(client, name, **query)

    assert list(client.cookies) == cookies


def _pages(client):
    yield from (get(client, name) for name in GET_PAGES)
    yield get(client, "request_start", answer="not-sure")
    yield post(client, "request_form", answers())
    yield post(client, "request_form", answers(full_name=""))
    yield post(client, "request_change", answers())
    sent = post(client, "request_send", answers())
    yield sent
    yield client.get(sent.headers["Location"])
    yield client.get(reverse("request_received", args=["altered"]))


def test_no_page_of_the_journey_is_kept_by_caches_or_search_engines(client, place):
    pages = list(_pages(client))

    assert {page.headers.get("X-Robots-Tag") for page in pages} == {"noindex"}
    assert ["no-store" in page.headers["Cache-Control"] for page in pages] == [True] * 10


def test_every_page_has_a_title_of_its_own_and_errors_come_first_in_it(client, place):
    with time_machine.travel(datetime(2026, 11, 23, 16, tzinfo=UTC), tick=False):
        pages = [page for page in _pages(client) if page.status_code == 200]

    titles = [page.content.decode().partition("<title>")[2].partition("</title>")[0] for page in pages]
    assert [title.partition(" · ")[0] for title in titles] == [
        "Before you ask for an appointment",
        "What to do now",
        "Ask for an appointment",
        "Not sure? Call us",
        "Check your answers, then send",
        "Error: Ask for an appointment",
        "Ask for an appointment",
        "Request sent",
        "If you sent a request, we have it",
    ]


@pytest.mark.parametrize("name", ["request_change", "request_send"])
def test_the_address_of_a_step_leads_back_to_the_form(client, name):
    assert get(client, name).headers["Location"] == reverse("request_form")


def test_a_page_without_a_form_of_its_own_takes_no_posts(client):
    assert post(client, "request_emergency", answers()).status_code == 405


def test_r48_sending_twice_confirms_the_same_request(client, place):
    fields = answers()

    first, second = post(client, "request_send", fields), post(client, "request_send", fields)

    assert AppointmentRequest.objects.count() == 1
    assert (first.status_code, second.status_code) == (303, 303)
    assert client.get(first.headers["Location"]).context["received"] == AppointmentRequest.objects.get()
    assert client.get(second.headers["Location"]).context["received"] == AppointmentRequest.objects.get()


def test_r49_changed_answers_replace_the_request_and_keep_its_owner(client, place):
    fields = answers()
    post(client, "request_send", fields)
    receptionist = builders.user()
    AppointmentRequest.objects.update(owner=receptionist, status=Status.CLAIMED)

    post(client, "request_send", {**fields, "phone": "(555) 010-0178"})

    newest, oldest = AppointmentRequest.objects.order_by("-pk")
    assert (newest.phone, newest.replaces, newest.owner) == ("(555) 010-0178", oldest, receptionist)
    assert (oldest.status, oldest.outcome) == (Status.CLOSED, Outcome.REPLACED)


@pytest.mark.parametrize("case", ["altered", "old", "unknown", "replaced"])
def test_r59_any_other_confirmation_address_tells_nothing(client, place, case):
    request = builders.appointment_request(full_name="Alma Reyes")
    address = confirmation.address_of(request)
    assert request.reference in client.get(address).content.decode()
    if case == "altered":
        address = address.replace(request.reference, "R-2222-222")
    elif case == "unknown":
        request.delete()
    elif case == "replaced":
        AppointmentRequest.objects.update(
            status=Status.CLOSED, outcome=Outcome.REPLACED, closed_at=request.received_at
        )

    with time_machine.travel(datetime.now(UTC) + timedelta(hours=25 if case == "old" else 1)):
        response = client.get(address)

    assert response.status_code == 200
    assert "<h1>If you sent a request, we have it</h1>" in text_of(response)
    assert request.reference not in text_of(response)


@pytest.mark.parametrize("name", POST_PAGES)
@pytest.mark.parametrize(
    "headers",
    [{"Origin": "null"}, {"Origin": "https://evil.example"}, {}],
    ids=["H10-null", "H10-foreign", "R50"],
)
def test_a_post_that_the_csrf_check_refuses_keeps_the_answers(without_cookies, place, name, headers):
    response = post(without_cookies, name, answers(notes="Mornings"), **headers)

    assert response.status_code == 403
    assert response.context["form"].non_field_errors() == [
        "Your browser did not keep our form open. Nothing was sent yet. Check and send again."
    ]
    assert dict(form_on(response, "/request/").fields)["notes"] == "Mornings"
    assert "no-store" in response.headers["Cache-Control"]
    assert AppointmentRequest.objects.count() == 0


def test_r50_without_cookies_a_second_try_from_our_own_page_is_accepted(without_cookies, place):
    ours = {"Origin": "http://testserver"}
    refused = post(without_cookies, "request_form", answers(), **ours)
    without_cookies.cookies.clear()

    check = post(without_cookies, "request_form", form_on(refused, "/request/").fields, **ours)
    without_cookies.cookies.clear()
    sent = post(without_cookies, "request_send", form_on(check, "/send/").fields, **ours)

    assert (refused.status_code, check.status_code, sent.status_code) == (403, 200, 303)
    assert AppointmentRequest.objects.get().full_name == "Alma Reyes"


@pytest.mark.parametrize(
    "fields, origin",
    [
        ({}, "https://evil.example"),
        ({}, "null"),
        ({"token": "forged"}, "http://testserver"),
    ],
    ids=["foreign", "null", "forged-token"],
)
def test_a_second_try_from_elsewhere_is_refused_again(without_cookies, place, fields, origin):
    fields = {**answers(), "without_cookie": "yes", **fields}

    response = post(without_cookies, "request_send", fields, Origin=origin)

    assert response.status_code == 403
    assert AppointmentRequest.objects.count() == 0


def test_without_cookies_the_form_still_opens_for_whoever_is_not_sure(without_cookies, place):
    response = post(without_cookies, "request_form", {"begin": "yes", "screening": "not_sure"})

    assert (response.status_code, response.context["origin"].screening) == (200, Screening.NOT_SURE)


def test_a_foreign_page_cannot_send_a_request_by_the_name_of_the_button_that_opens_the_form(
    without_cookies, place
):
    fields = {**answers(), "begin": "yes"}

    response = post(without_cookies, "request_send", fields, Origin="https://evil.example")

    assert response.status_code == 403
    assert AppointmentRequest.objects.count() == 0


def test_a_failing_database_leaves_no_row_no_reference_and_every_answer(client, place):
    Clinic.objects.create(phone="773 555 0100")
    facts.publish()
    fields = answers(notes="Mornings")
    refuse_inserts_into("clinic_outboxmessage")

    failed = post(client, "request_send", fields)

    again = form_on(failed, "/send/").fields
    assert failed.status_code == 503
    assert "Your answers are not saved with us yet." in text_of(failed)
    assert '<a class="phone-large" href="tel:+17735550100">773 555 0100</a>' in text_of(failed)
    assert "R-" not in text_of(failed)
    assert AppointmentRequest.objects.count() == 0
    assert {name: dict(again)[name] for name in fields} == fields
    accept_inserts_into("clinic_outboxmessage")
    assert post(client, "request_send", again).status_code == 303


@pytest.mark.parametrize("name", POST_PAGES)
def test_even_without_any_database_the_answers_stay_in_the_page(client, place, name):
    fields = answers(notes="Mornings", therapist="dana-whitcomb")
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE clinic_location RENAME TO away")

    failed = post(client, name, fields)

    kept = dict(form_on(failed, reverse(name)).fields)
    assert failed.status_code == 503
    assert {name: kept[name] for name in fields} == fields


def test_a_page_that_needs_the_database_shows_the_phone_without_it(client, place):
    Clinic.objects.create(phone="773 555 0100")
    facts.publish()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE clinic_location RENAME TO away")

    response = get(client, "request_start")

    assert response.status_code == 503
    assert "773 555 0100" in text_of(response)


def test_the_start_page_asks_no_more_of_the_database_for_more_places(client):
    counts = []
    for places in (1, 9):
        for _number in range(places):
            builders.location()
        facts.publish()
        # The first visit of a day begins its count.
        client.get(reverse("request_start"))
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("request_start"))
        counts.append(len(queries))

    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    ("works_at", "chosen"), [(["northside"], "northside"), (["northside", "mill-road"], None)]
)
def test_the_only_place_of_the_therapist_asked_for_is_chosen_already(
    client, place, mill_road, works_at, chosen
):
    therapist = builders.therapist()
    therapist.locations.set([known for known in (place, mill_road) if known.slug in works_at])

    response = client.get(reverse("request_form"), {"therapist": therapist.slug})

    (location,) = [field for field in response.context["form"] if field.name == "location"]
    assert location.value() == chosen
