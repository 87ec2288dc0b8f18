"""One request on one screen: what it shows, to whom, and the steps it offers."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from appointments import desk as verbs
from appointments import intake, suspicion
from appointments.desk_forms import FORMS
from appointments.models import AppointmentRequest, Attempt
from appointments.models.choices import Outcome, Status
from articles.models import CareCard
from clinic.models import AuditEvent
from tests import builders

pytestmark = pytest.mark.django_db

COPIED = "admin:appointments_appointmentrequest_copied"

PAYLOADS = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'-alert(1)-'",
    "{{ 7|add:7 }}{% now 'Y' %}",
    "</textarea></title><svg onload=alert(1)>",
    "javascript:alert(1)",
]
LIVE = ["<script>alert", "<img src=x", "<svg onload", 'href="javascript:']


@pytest.fixture
def northside():
    return builders.location("Northside")


@pytest.fixture
def receptionist(northside):
    return builders.user("Front desk", locations=[northside], name="Dana Whitlock")


@pytest.fixture
def desk(client, receptionist):
    client.force_login(receptionist)
    return client


def offered(response):
    return [form.step for form in response.context["forms"]]


def look(client, request):
    return client.get(request.get_absolute_url())


def findable(**fields):
    """A request that is found by its name, number and address, as one that came in is."""
    request = builders.appointment_request(**fields)
    intake.renew_keys(request)
    return request


def test_the_page_shows_what_is_needed_to_call(desk, northside):
    request = builders.appointment_request(
        location=northside,
        full_name="Alma Reyes",
        email="alma@example.com",
        is_for_someone_else=True,
        patient_name="Ben Reyes",
        may_leave_message=False,
        days=["mon", "fri"],
        needs="Spanish interpreter",
        notes="Line one\nLine two",
        therapist=builders.therapist("Theo Okafor"),
    )

    page = desk.get(request.get_absolute_url()).text

    for part in (
        '<a href="tel:+17735550140">773 555 0140</a>',
        '<a href="mailto:alma@example.com">alma@example.com</a>',
        "Ben Reyes",
        "leave no message",
        'data-copy="Mon, Fri"',
        "Spanish interpreter",
        "Line one<br>Line two",
        "Theo Okafor",
    ):
        assert part in page
    assert f"<title>{request.reference} · " in page


def test_the_page_says_why_a_request_may_be_spam(desk, northside):
    request = builders.appointment_request(
        location=northside, quarantined_at=timezone.now(), quarantine_reasons="honeypot, too_fast"
    )

    page = desk.get(request.get_absolute_url()).text

    assert f"{suspicion.LABELS['honeypot']} · {suspicion.LABELS['too_fast']}" in page


def test_a_corrected_request_and_the_one_it_replaces_lead_to_each_other(desk, northside):
    first = builders.appointment_request(location=northside, status=Status.CLOSED, outcome=Outcome.REPLACED)
    second = builders.appointment_request(location=northside, replaces=first)

    links = [list(desk.get(one.get_absolute_url()).context["related"]) for one in (first, second)]

    assert links == [[("Replaced by", second)], [("Replaces", first)]]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_t3_a_payload_comes_out_as_text_on_page_list_and_search(desk, northside, payload):
    request = builders.appointment_request(
        location=northside, full_name=payload, patient_name=payload, is_for_someone_else=True,
        phone=payload[:30], needs=payload, notes=payload,
    )  # fmt: skip
    other = findable(location=northside, full_name=payload, notes=payload, needs=payload)
    intake.renew_keys(request)
    colleague = builders.user("Front desk", name=payload)
    verbs.log_attempt(request, Attempt.VOICEMAIL, by=colleague, remark=payload)
    verbs.correct(request, by=colleague, phone=payload[:29])
    search = reverse("admin:appointments_appointmentrequest_search")

    pages = [
        desk.get(request.get_absolute_url()).text,
        desk.get(reverse("admin:appointments_appointmentrequest_changelist")).text,
        desk.post(search, {"query": payload}).text,
    ]

    assert escape(payload) in pages[0]
    assert other.get_absolute_url() in pages[0]
    assert [(bad, page) for bad in LIVE for page in pages if bad in page] == []


def test_every_look_is_noted_with_who_looked(desk, northside, receptionist):
    request = builders.appointment_request(location=northside)

    desk.get(request.get_absolute_url())
    desk.get(request.get_absolute_url())

    looks = AuditEvent.objects.filter(action="request.viewed", subject=request.reference, actor=receptionist)
    assert looks.count() == 2


def test_a_foreign_request_looks_like_one_that_does_not_exist(desk):
    foreign = builders.appointment_request()
    unknown = 10**20
    page = "admin:appointments_appointmentrequest_change"
    step = "admin:appointments_appointmentrequest_step"

    looks = [desk.get(reverse(page, args=[pk])) for pk in (foreign.pk, unknown)]
    steps = [desk.post(reverse(step, args=[pk, "claim"])) for pk in (foreign.pk, unknown)]

    assert [response.status_code for response in (*looks, *steps)] == [404] * 4
    assert looks[0].content == looks[1].content
    assert AppointmentRequest.objects.get(pk=foreign.pk).status == Status.NEW
    assert AuditEvent.objects.filter(action="request.denied").count() == 4


def test_the_page_offers_the_steps_that_the_table_of_moves_allows(desk, northside, receptionist):
    colleague = builders.user("Front desk", locations=[northside])
    request = builders.appointment_request(location=northside)
    url = request.get_absolute_url()

    def offers(**state):
        AppointmentRequest.objects.filter(pk=request.pk).update(**state)
        return set(offered(desk.get(url)))

    any_time = {"log_attempt", "book", "correct", "close"}
    now = timezone.now()
    assert offers() == any_time | {"claim", "wait"}
    assert offers(quarantined_at=now, surfaces_at=now) == any_time | {"claim", "wait", "not_spam"}
    assert offers(quarantined_at=None, status="claimed", owner=receptionist) == any_time | {"release", "wait"}
    assert offers(owner=colleague) == any_time | {"take_over", "wait"}
    assert offers(status="waiting", owner=receptionist) == any_time | {"release", "resume"}
    assert offers(status="closed", outcome="declined", closed_at=now) == {"reopen"}
    assert offers(outcome="booked") == {"reopen", "change_appointment", "cancel_appointment"}
    assert offers(outcome="cancelled", erased_at=now) == set()
    builders.location()
    assert offers(erased_at=None, outcome="", closed_at=None, status="new", owner=None) == any_time | {
        "claim", "wait", "relocate",
    }  # fmt: skip


@pytest.mark.parametrize("step", FORMS)
def test_t8_a_step_by_get_changes_nothing(desk, northside, step):
    request = builders.appointment_request(location=northside)
    address = reverse("admin:appointments_appointmentrequest_step", args=[request.pk, step])

    response = desk.get(address, {"outcome": "spam", "remark": "x"})

    assert (response.status_code, response.url) == (303, request.get_absolute_url())
    assert request.events.count() == 0
    assert AppointmentRequest.objects.get().status == Status.NEW


def test_t23_whoever_is_switched_off_is_out_at_the_next_click(desk, northside, receptionist):
    request = builders.appointment_request(location=northside)
    assert desk.get(request.get_absolute_url()).status_code == 200
    receptionist.is_active = False
    receptionist.save()

    response = desk.get(request.get_absolute_url())

    assert response.url.startswith(reverse("admin:login"))


def test_wishes_are_a_week_that_is_read_aloud_cell_by_cell(desk, northside):
    request = builders.appointment_request(location=northside, days=["mon", "sat"], parts_of_day=["late"])

    week = look(desk, request).context["week"]

    assert week == {
        "days": ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat"],
        "rows": [
            ("Early in the day", [False] * 6),
            ("Middle of the day", [False] * 6),
            ("Late in the day", [True, False, False, False, False, True]),
        ],
    }


def test_days_alone_mean_the_whole_day_and_no_wish_no_week(desk, northside):
    friday = builders.appointment_request(location=northside, days=["fri"])
    whenever = builders.appointment_request(location=northside)

    weeks = [look(desk, request).context["week"] for request in (friday, whenever)]

    assert [cells for _part, cells in weeks[0]["rows"]] == [[False, False, False, False, True]] * 3
    assert weeks[1] is None


def test_facts_are_copied_as_lines_in_the_order_of_a_practice_system(desk, northside):
    request = builders.appointment_request(location=northside, email="alma@example.com", needs="A ramp")

    lines = look(desk, request).context["all_facts"].splitlines()

    assert lines[:9] == [
        "Name: Alma Reyes",
        "Phone: 773 555 0140",
        "E-mail: alma@example.com",
        "How to reach: Phone, any time, leave no message",
        "New or returning: I am new to this clinic",
        "Location: Northside",
        "Suits: Any time",
        "Needs: A ramp",
        "Warning signs: Not asked (opened the form directly)",
    ]


def test_the_card_they_saw_is_shown_in_the_wording_they_saw(desk, northside):
    card = CareCard.objects.get(slug="general-emergency")
    request = builders.appointment_request(location=northside, card_version=card.live)

    page = look(desk, request).text

    assert f"They saw “{card.name}”, wording {card.live.number}" in page
    assert escape(card.live.bullet_list[0]) in page


def test_without_a_script_there_are_no_copy_buttons(desk, northside):
    page = look(desk, builders.appointment_request(location=northside)).text

    assert page.count('<button type="button" class="copy"') == page.count('class="copy" hidden') > 9


@pytest.mark.parametrize("field", ["phone", "all"])
def test_what_was_copied_is_noted_and_never_what_it_says(desk, northside, receptionist, field):
    request = builders.appointment_request(location=northside)

    response = desk.post(reverse(COPIED, args=[request.pk]), {"field": field})

    noted = AuditEvent.objects.filter(action="request.copied")
    assert response.status_code == 204
    assert list(noted.values_list("subject", "reason", "actor", "count")) == [
        (request.reference, field, receptionist.pk, None)
    ]


@pytest.mark.parametrize("field", ["", "link_digest", "email", "773 555 0140"])
def test_nothing_is_noted_as_copied_that_is_not_there(desk, northside, field):
    request = builders.appointment_request(location=northside)

    response = desk.post(reverse(COPIED, args=[request.pk]), {"field": field})

    assert response.status_code == 400
    assert AuditEvent.objects.filter(action="request.copied").count() == 0


def test_t2_nothing_is_copied_from_a_foreign_request(desk):
    foreign = builders.appointment_request()

    response = desk.post(reverse(COPIED, args=[foreign.pk]), {"field": "phone"})

    assert response.status_code == 404
    assert AuditEvent.objects.filter(action="request.copied").count() == 0


@pytest.mark.parametrize(
    "shared",
    [
        {"phone": "(773) 555-0140"},
        {"email": "Alma@Example.com", "phone_e164": ""},
        {"full_name": "ALMA REYES"},
    ],
)
def test_others_of_the_same_patient_stand_beside_it(desk, northside, shared):
    request = findable(location=northside, email="alma@example.com")
    other = findable(
        location=northside,
        **{"full_name": "A. Reyes", "phone": "", "phone_e164": "", "email": "a@example.com"}
        | ({"phone_e164": "+17735550140"} if "phone" in shared else {})
        | shared,
    )

    assert look(desk, request).context["others"] == [other]


def test_what_is_closed_stays_the_request_of_whoever_shares_a_phone_under_another_name(desk, northside):
    request = findable(location=northside)
    findable(location=northside, full_name="Ben Reyes", status="closed")
    same = findable(location=northside, full_name="ALMA REYES", status="closed")
    still_open = findable(location=northside, full_name="Ben Reyes")

    page = look(desk, request)

    assert set(page.context["closable"]) == {same, still_open}
    assert page.text.count("Close this as a duplicate of") == 2


def test_what_is_alike_in_name_only_long_ago_or_elsewhere_does_not(desk, northside):
    now = timezone.now()
    request = findable(location=northside)
    findable(location=northside, full_name="Alma Bell", phone="773 555 0141", phone_e164="+17735550141")
    findable(location=northside, status="closed", received_at=now - timedelta(days=31))
    elsewhere = findable()
    manager = builders.user("Manager")

    seen = look(desk, request).context["others"]
    desk.force_login(manager)

    assert seen == []
    assert look(desk, request).context["others"] == [elsewhere]


def test_of_many_the_latest_three_are_compared_and_differences_marked(desk, northside):
    now = timezone.now()
    request = findable(location=northside, notes="Knee")
    others = [
        findable(location=northside, notes=notes, received_at=now - timedelta(hours=number))
        for number, notes in enumerate(("Knee", "Heel", "", "Hip"), start=1)
    ]

    page = look(desk, request)

    rows = {label: (mine, theirs) for label, mine, theirs in page.context["comparison"]}
    assert page.context["others"] == others[:3]
    assert rows["Notes"] == ("Knee", [("Knee", False), ("Heel", True), ("–", True)])
    assert rows["Phone"] == ("773 555 0140", [("773 555 0140", False)] * 3)


def test_the_page_costs_the_same_however_long_its_history(desk, northside, receptionist):
    quiet = findable(location=northside)
    busy = findable(location=northside, full_name="Ben Bell", phone_e164="+17735550141", phone="773 555 0141")
    for _number in range(12):
        verbs.log_attempt(busy, Attempt.NO_ANSWER, by=receptionist)
    for _number in range(4):
        findable(location=northside, full_name="Ben Bell")
    look(desk, quiet)

    counts = []
    for request in (quiet, busy):
        with CaptureQueriesContext(connection) as queries:
            look(desk, request)
        counts.append(len(queries))

    assert counts[0] == counts[1] <= 27


def test_history_says_what_was_there_before_and_what_was_taken_back(desk, northside, receptionist):
    request = builders.appointment_request(location=northside)
    verbs.correct(request, by=receptionist, phone="773 555 0199", email="alma@example.com")
    verbs.log_attempt(request, Attempt.VOICEMAIL, by=receptionist)
    verbs.undo(request, by=receptionist)
    verbs.withdraw(request)
    request.events.create(step="alarmed")

    page = look(desk, request).text

    for words in (
        "Phone was 773 555 0140",
        "E-mail was empty",
        "Taken back",
        "Withdrawn by the patient",
        "Three quarters of the promised time have passed",
    ):
        assert words in page
