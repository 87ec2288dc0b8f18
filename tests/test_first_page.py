"""The first page of the staff pages, and the rail beside every page: what waits, and the way there."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst

from articles import publishing
from clinic.models import AuditEvent
from tests import builders

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(client):
    person = builders.user("Manager", name="Ruth Amari")
    client.force_login(person)
    return person


def url(name, *args):
    return reverse(f"admin:{name}", args=args)


def test_each_person_is_told_what_waits_for_them(client):
    place = builders.location()
    builders.appointment_request(location=place)
    builders.article()
    people = {role: builders.user(role, locations=[place]) for role in ("Editor", "Front desk", "Manager")}
    people["Clinician"] = builders.clinician().user

    waiting = {}
    for role, person in people.items():
        client.force_login(person)
        waiting[role] = {str(item.label): item.count for item in client.get(url("index")).context["waiting"]}

    requests = {"Requests to do": 1, "Past the promised time": 0, "My requests": 0, "Maybe spam": 0}
    assert waiting == {
        "Editor": {
            "Sent back to me": 0,
            "Drafts of articles": 1,
            "Signed, not yet public": 0,
            "Scheduled": 0,
            "Reported mistakes": 0,
        },
        "Clinician": {"Articles for me to sign off": 0, "Reported mistakes": 0},
        "Front desk": requests,
        "Manager": {**requests, "Overdue checks": 0, "Reported mistakes": 0, "Mail given up": 0},
    }


@pytest.mark.parametrize(
    ("role", "groups", "rest"),
    [
        ("Front desk", {"Front desk": ["Requests", "closures", "notices"]}, []),
        (
            "Clinician",
            {
                "Articles": ["articles", "care cards", "topics", "reported mistakes"],
                "Website": ["therapists"],
            },
            [],
        ),
        (
            "Manager",
            {
                "Front desk": ["Requests", "Reports", "closures", "notices"],
                "Articles": ["articles", "care cards", "topics", "reported mistakes"],
                "Website": ["pages", "pictures", "documents", "therapists", "locations"],
            },
            [
                *("audit trail", "Access review", "This site", "broken links", "clinic", "insurance plans"),
                *("old addresses", "outgoing mail", "people", "backups", "retention periods"),
            ],
        ),
    ],
)
def test_the_rail_leads_to_what_a_role_may_open(client, role, groups, rest):
    client.force_login(builders.user(role))

    rail = client.get(url("index")).context["navigation"]

    said = [(heading, [item.label.lower() for item in items]) for heading, items in rail["groups"]]
    assert said == [(heading, [label.lower() for label in labels]) for heading, labels in groups.items()]
    assert sorted(item.label.lower() for item in rail["settings"]) == sorted(map(str.lower, rest))


@pytest.mark.parametrize(
    ("name", "here", "is_in_settings"),
    [
        ("appointments_appointmentrequest_changelist", ["Requests"], False),
        ("appointments_appointmentrequest_reports", ["Reports"], False),
        ("clinic_closure_add", ["Closures"], False),
        ("clinic_auditevent_changelist", ["Audit trail"], True),
        ("index", [], False),
    ],
)
def test_the_rail_says_where_one_is(client, manager, name, here, is_in_settings):
    rail = client.get(url(name)).context["navigation"]

    items = [item for _heading, several in rail["groups"] for item in several] + rail["settings"]
    assert [capfirst(item.label) for item in items if item.is_here] == here
    assert rail["is_in_settings"] == is_in_settings


def test_the_rail_counts_what_waits_on_the_first_page(client, manager):
    builders.appointment_request()
    builders.appointment_request()

    rail = client.get(url("index")).context["navigation"]

    counts = {capfirst(item.label): item.count for _heading, items in rail["groups"] for item in items}
    assert (counts["Requests"], counts["Reported mistakes"], counts["Pages"]) == (2, 0, None)


def test_the_front_desk_sees_whom_to_call_next_and_that_look_is_noted(client):
    here, elsewhere = builders.location("Northside"), builders.location("Mill Road")
    now = timezone.now()
    soon, later = (
        builders.appointment_request(location=here, due_at=now + timedelta(hours=hours)) for hours in (1, 2)
    )
    urgent = builders.appointment_request(
        location=here, due_at=now + timedelta(hours=3), is_urgent=True, full_name="Alma Reyes"
    )
    builders.appointment_request(location=elsewhere, due_at=now)
    client.force_login(builders.user("Front desk", locations=[here]))

    page = client.get(url("index"))

    assert page.context["requests"] == [urgent, soon, later]
    assert ("Alma R." in page.text, "Alma Reyes" in page.text) == (True, False)
    assert list(AuditEvent.objects.filter(action="request.listed").values_list("subject", "count")) == [
        ("next", 3)
    ]


def test_whoever_sees_no_requests_is_shown_none_and_no_look_is_noted(client):
    builders.appointment_request(full_name="Alma Reyes")
    client.force_login(builders.user("Editor"))

    page = client.get(url("index"))

    assert (page.context["requests"], "Alma" in page.text) == (None, False)
    assert not AuditEvent.objects.filter(action="request.listed").exists()


def test_an_editor_finds_what_came_back_before_the_other_drafts(client):
    editor = builders.user("Editor")
    back = builders.article(by=editor, title="Came back")
    drafts = [builders.article(by=editor, title=title) for title in ("Older draft", "Newer draft")]
    builders.article(by=builders.user("Editor"), title="Of somebody else")
    publishing.submit(back, to=builders.clinician(), by=editor)
    publishing.send_back(back, by=back.asked.user, remark="The dose is wrong.")
    client.force_login(editor)

    page = client.get(url("index"))

    assert page.context["texts"] == [back, *reversed(drafts)]
    assert page.text.count("Sent back</span>") == 1


def test_a_manager_sees_the_figures_of_the_week_so_far(client, manager):
    now = timezone.now()
    builders.appointment_request(received_at=now, due_at=now, called_at=now)
    builders.appointment_request(received_at=now, due_at=now + timedelta(hours=1))

    week = client.get(url("index")).context["week"]

    assert (week.requests, week.called, week.overdue, week.booked) == (2, 1, 0, 0)


@pytest.mark.parametrize(("drafts", "is_quiet"), [(0, True), (1, False)])
def test_where_nothing_waits_the_first_page_says_so(client, drafts, is_quiet):
    for _ in range(drafts):
        builders.article()
    client.force_login(builders.user("Editor"))

    assert ("Nothing waits for you." in client.get(url("index")).text) == is_quiet
