"""The trail is written once; the database refuses the rest, and seals show what went around it."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.test import RequestFactory
from django.urls import reverse

from appointments.models import MOVES as REQUEST_MOVES
from articles import review_forms
from articles.models.article import MOVES as ARTICLE_MOVES
from clinic import audit, audit_actions, clock_check
from clinic.models import AuditEvent, AuditSeal
from clinic.site.watching import alarms
from tests import builders, codes

pytestmark = pytest.mark.django_db

DAY = date(2026, 11, 18)
# What stands in these variables when an action is recorded.
VARIABLES = {
    ("appointments.desk", "step"): REQUEST_MOVES,
    ("articles.steps", "step"): ARTICLE_MOVES,
    ("articles.review", "form.name"): [
        form.name for forms in review_forms.ANSWERS.values() for form in forms
    ],
    ("clinic.site.watching.alarms", "action"): [alarms.RAISED, alarms.ENDED],
}


def noon_of(day):
    return datetime.combine(day, time(12), tzinfo=UTC)


def seal_by_noon_of(day):
    """Seal the days that were over at this noon, once no line can come to them any more."""
    return audit.seal_finished_days(noon_of(day) + clock_check.JUMP)


def event_on(day, **fields):
    return AuditEvent.objects.create(**{"action": "request.viewed", "at": noon_of(day), **fields})


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE clinic_auditevent SET action = 'nothing'",
        "DELETE FROM clinic_auditevent",
        "UPDATE clinic_auditseal SET events = 0",
        "DELETE FROM clinic_auditseal",
    ],
)
def test_t24_the_database_refuses_to_change_the_trail(statement):
    event_on(DAY)
    seal_by_noon_of(DAY + timedelta(days=1))

    with (
        pytest.raises(DatabaseError, match="insert-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)

    assert AuditEvent.objects.get().action == "request.viewed"
    assert AuditSeal.objects.get().events == 1


def test_every_finished_day_is_sealed_once():
    event_on(DAY)
    event_on(DAY + timedelta(days=2))

    first_run = seal_by_noon_of(DAY + timedelta(days=3))
    second_run = seal_by_noon_of(DAY + timedelta(days=3))

    assert (first_run, second_run) == (3, 0)
    assert list(AuditSeal.objects.order_by("day").values_list("events", flat=True)) == [1, 0, 1]


def test_an_untouched_trail_verifies():
    event_on(DAY)
    event_on(DAY + timedelta(days=1))
    seal_by_noon_of(DAY + timedelta(days=2))

    assert audit.verify() == []


def test_seals_hold_when_the_clinic_sets_another_time_zone(settings):
    AuditEvent.objects.create(action="login", at=noon_of(DAY) + timedelta(hours=11))
    event_on(DAY + timedelta(days=1))
    seal_by_noon_of(DAY + timedelta(days=2))

    settings.TIME_ZONE = "Pacific/Auckland"

    assert audit.verify() == []


def test_a_day_is_sealed_once_what_was_written_at_its_end_is_there():
    event_on(DAY)
    midnight = datetime.combine(DAY + timedelta(days=1), time.min, tzinfo=UTC)

    too_early = audit.seal_finished_days(midnight + timedelta(days=3, minutes=59))
    settled = audit.seal_finished_days(midnight + timedelta(days=3, hours=1))

    assert (too_early, settled) == (0, 1)


def test_a_long_subject_is_cut_rather_than_refused():
    assert audit.record("page.published", subject="page " + "a" * 60).subject == "page " + "a" * 55


def test_t24_a_row_slipped_into_a_sealed_day_shows():
    event_on(DAY)
    event_on(DAY + timedelta(days=1))
    seal_by_noon_of(DAY + timedelta(days=2))

    event_on(DAY, action="request.exported")

    # The seal of the day after is chained to the broken one's stored digest, so it still holds.
    assert audit.verify() == [DAY]


def test_t24_the_command_names_the_altered_day(capsys):
    event_on(DAY)
    event_on(DAY + timedelta(days=1))
    seal_by_noon_of(DAY + timedelta(days=2))

    call_command("verify_audit")
    event_on(DAY)

    assert capsys.readouterr().out == "2 sealed days, none altered\n"
    with pytest.raises(CommandError, match=f"altered after they were sealed: {DAY}$"):
        call_command("verify_audit")


def test_an_event_knows_who_and_from_which_network():
    person = builders.user()
    request = RequestFactory().get("/admin/", REMOTE_ADDR="192.0.2.77")
    request.user = person

    event = audit.record("request.viewed", request=request, subject="R-7K4M-2QX")

    assert (event.actor, event.peer, event.subject) == (person, "192.0.2.0", "R-7K4M-2QX")


@pytest.mark.parametrize(
    ("address", "network"),
    [("2001:db8:1:2::3", "2001:db8:1::"), ("", ""), ("unix:", "")],
)
def test_addresses_are_truncated_or_left_out(address, network):
    request = RequestFactory().get("/", REMOTE_ADDR=address)
    request.user = builders.user()

    assert audit.record("request.viewed", request=request).peer == network


def test_every_action_that_the_code_records_has_a_label():
    actions = codes.handed_to("audit.record", VARIABLES)

    assert [action for action in actions if audit_actions.label_of(action) == action] == []
    assert {"request.log_attempt", "setting.role_changed", "review_link.wrong_detail"} < actions


def test_the_trail_is_shown_in_words_and_found_by_its_codes(client):
    client.force_login(builders.user("Manager"))
    for action in ("request.listed", "request.claim", "session.locked", "of.yesterday"):
        AuditEvent.objects.create(action=action, subject="R-7K4M-2QX")
    page = reverse("admin:clinic_auditevent_changelist")

    everything = client.get(page)
    answers = [client.get(page, {"action": "request.claim"}), client.get(page, {"q": "request.claim"})]
    detail = client.get(reverse("admin:clinic_auditevent_change", args=[AuditEvent.objects.first().pk]))

    offered = everything.context["cl"].filter_specs[0].lookup_choices
    assert offered == [
        ("request.claim", "Request: Claimed"),
        ("request.listed", "Requests listed"),
        ("session.locked", "Screen locked"),
        ("login", "Signed in"),
        ("of.yesterday", "of.yesterday"),
    ]
    assert everything.text.count('<td class="field-what">Screen locked</td>') == 1
    assert [answer.context["cl"].result_list[0].label for answer in answers] == ["Request: Claimed"] * 2
    assert [len(answer.context["cl"].result_list) for answer in answers] == [1, 1]
    assert "<h1>of.yesterday · R-7K4M-2QX</h1>" in detail.text
