"""What patients were told of erasure happens, and only that; what still waits for somebody stays."""

import re
import sqlite3
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import OperationalError, connection
from django.utils import timezone

from appointments import desk, private_links, retention, watch
from appointments.apps import MAILS
from appointments.models import AppointmentRequest, RequestEvent
from appointments.models.choices import Outcome, Status
from appointments.models.mails import ABOUT_REQUEST, ABOUT_STEP
from clinic import facts, limiter, pages
from clinic import retention as periods
from clinic.models import AuditEvent, OutboxMessage, Page, RetentionPeriod, SelfTest
from staff.models import AccountLink
from tests import builders, journey

pytestmark = pytest.mark.django_db

DOCS = Path(__file__).resolve().parent.parent / "docs/privacy.md"
DAYS = re.compile(r"^\|[^|]+\| \d+ \|")
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


def ago(days):
    return NOW - timedelta(days=days)


def closed(days_ago, **fields):
    fields = {**TYPED, "closed_at": ago(days_ago), "outcome": Outcome.BOOKED, **fields}
    return builders.appointment_request(status=Status.CLOSED, **fields)


def owed(kind, object_id, days_ago=100, **fields):
    moment = ago(days_ago)
    return OutboxMessage.objects.create(kind=kind, object_id=object_id, created_at=moment, **fields)


def sent(kind, object_id, days_ago):
    return owed(kind, object_id, days_ago, sent_at=ago(days_ago))


def purged():
    """Forget what is due, and return how many of which kind it was."""
    return {kind.name: count for kind, count in periods.purge(NOW) if count}


def test_what_can_not_be_forgotten_holds_up_nothing_else(monkeypatch):
    def fail(rows, now):
        raise OperationalError

    first, kind = next(iter(periods._kinds.items()))
    monkeypatch.setitem(periods._kinds, first, replace(kind, forget=fail))
    request = closed(90)

    with pytest.raises(ExceptionGroup) as failed:
        purged()

    request.refresh_from_db()
    assert ([type(error) for error in failed.value.exceptions], request.erased_at) == (
        [OperationalError],
        NOW,
    )


def test_after_ninety_days_nothing_typed_is_left_of_a_closed_request():
    request = closed(90)
    before = {"full_name": "Alma Bell"}
    RequestEvent.objects.create(
        request=request, step="correct", remark="Alma prefers mornings.", before=before
    )
    token = private_links.token_of(request)
    assert list(AppointmentRequest.objects.matching("reyes")) == [request]

    forgotten = purged()

    request.refresh_from_db()
    assert (forgotten, request.erased_at, request.outcome) == ({"requests": 1}, NOW, Outcome.BOOKED)
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


def test_spam_goes_after_thirty_days_and_what_a_patient_closed_stays():
    spam, declined = closed(30, outcome=Outcome.SPAM), closed(30, outcome=Outcome.DECLINED)
    young = closed(29, outcome=Outcome.SPAM)

    forgotten = purged()

    assert (forgotten, erased(spam, declined, young)) == ({"spam": 1}, [True, False, False])


def test_a_day_earlier_everything_stays():
    young = closed(89)

    assert purged() == {}

    young.refresh_from_db()
    assert {name: getattr(young, name) for name in TYPED} == TYPED


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"is_urgent": True},
        {"status": Status.WAITING},
        {"quarantined_at": NOW - timedelta(days=400)},
    ],
    ids=["new", "urgent", "waiting", "maybe spam that nobody has read"],
)
def test_an_open_request_is_never_erased_however_old(fields):
    if fields.get("status"):
        fields = {**fields, "owner": builders.user()}
    still_open = builders.appointment_request(received_at=ago(400), **TYPED, **fields)
    due = closed(400)

    purged()

    assert erased(still_open, due) == [False, True]


@pytest.mark.parametrize("fields", [{}, {"failed_at": NOW}], ids=["waiting", "given up"])
@pytest.mark.parametrize("kind", [*ABOUT_REQUEST, *ABOUT_STEP])
def test_a_request_is_not_erased_while_mail_about_it_is_undelivered(kind, fields):
    request, other = closed(400), closed(400)
    step = RequestEvent.objects.create(request=request, step="book")
    mail = owed(kind, request.pk if kind in ABOUT_REQUEST else step.pk, **fields)
    purged()
    before = erased(request, other)

    OutboxMessage.objects.filter(pk=mail.pk).update(failed_at=None, sent_at=NOW)
    purged()

    assert (before, erased(request, other)) == ([False, True], [True, True])


def test_every_mail_of_the_desk_is_known_to_be_about_a_request_or_a_step():
    assert {*ABOUT_REQUEST, *ABOUT_STEP} == set(MAILS) - {"weekly_report"}


def test_sent_mail_goes_after_thirty_days_and_undelivered_mail_never():
    sent("weekly_report", 1, 30)
    kept = [sent("weekly_report", 2, 29), owed("weekly_report", 3), owed("weekly_report", 4, failed_at=NOW)]

    forgotten = purged()

    assert (forgotten, set(OutboxMessage.objects.all())) == ({"sent_mail": 1}, set(kept))


def test_nobody_is_told_a_second_time_because_the_first_mail_was_forgotten():
    waiting = builders.appointment_request(received_at=ago(40))
    for kind in ("alarm", "escalation"):
        sent(kind, waiting.pk, 39)
        sent(kind, closed(38).pk, 39)

    forgotten = purged()

    assert forgotten == {"sent_mail": 2}
    assert watch.keep(NOW) == {"alarm": 0, "escalation": 0}


def test_a_changed_appointment_stays_a_changed_one_until_it_is_erased():
    booked = closed(60)
    mail = sent("appointment_mail", RequestEvent.objects.create(request=booked, step="book").pk, 60)
    purged()
    before = list(OutboxMessage.objects.all())

    retention.erase(booked, by=None, reason="asked for")

    assert (before, list(OutboxMessage.objects.all())) == ([mail], [])


def test_links_and_sessions_of_staff_and_self_tests_are_forgotten():
    person = builders.user()
    for days in (29, 30):
        AccountLink.objects.create(user=person, nonce="n", created_at=ago(days))
        SelfTest.objects.create(started_at=ago(days), passed_at=ago(days))
    SelfTest.objects.create(started_at=ago(31), broken_hop="mail")
    SelfTest.objects.create(started_at=ago(31))
    for key, hours in (("ended", 0), ("alive", 1)):
        Session.objects.create(session_key=key, session_data="", expire_date=NOW + timedelta(hours=hours))
    for key, hours in (("ended", 9), ("alive", 9), ("lost", 9), ("signing in", 0)):
        UserSession.objects.create(user=person, session_key=key, ip="192.0.2.7", user_agent="A browser")
        UserSession.objects.filter(session_key=key).update(created_at=NOW - timedelta(hours=hours))

    forgotten = purged()

    assert forgotten == {"account_links": 1, "self_tests": 2, "sessions": 1, "session_notes": 2}
    assert set(UserSession.objects.values_list("session_key", flat=True)) == {"alive", "signing in"}
    assert purged() == {}


def test_the_audit_trail_is_never_forgotten():
    AuditEvent.objects.create(action="login", at=ago(7 * 365))

    assert (purged(), AuditEvent.objects.count()) == ({}, 1)


def test_two_requests_of_one_form_can_both_be_erased():
    first = closed(100)
    closed(100, form_token=first.form_token, replaces=first)

    assert purged() == {"requests": 2}


def test_a_dry_run_tells_what_the_run_then_does_and_a_second_run_has_nothing_to_do():
    now = timezone.now()
    old = now - timedelta(days=100)
    request = closed(0, closed_at=old)
    step = RequestEvent.objects.create(request=request, step="book", at=old)
    for kind, pk in (("front_desk_notice", request.pk), ("appointment_mail", step.pk)):
        OutboxMessage.objects.create(kind=kind, object_id=pk, created_at=old, sent_at=old)
    limiter.note("send", "192.0.2.7", old)
    Session.objects.create(session_key="ended", session_data="", expire_date=old)
    user_session = UserSession.objects.create(
        user=builders.user(), session_key="ended", ip="192.0.2.7", user_agent=""
    )
    UserSession.objects.filter(pk=user_session.pk).update(created_at=old)

    dry, real, second = run("purge", "--dry-run"), run("purge"), run("purge")

    assert dry == real
    assert [int(line.split()[0]) for line in real] == [1, 0, 1, 0, 0, 1, 0, 1, 1]
    assert [int(line.split()[0]) for line in second] == [0] * len(real)


def test_an_erased_request_is_still_in_the_lists_and_cannot_be_opened_again(client):
    place = builders.location()
    request = closed(100, location=place)
    client.force_login(builders.user("Front desk", locations=[place]))
    before = client.get(request.get_absolute_url()).content.decode()
    retention.erase(request, by=None, reason="asked for")

    inbox = client.get("/admin/appointments/appointmentrequest/?tab=closed").content.decode()
    page = client.get(request.get_absolute_url())
    client.post(f"{request.get_absolute_url()}reopen/", {"remark": "Called again"})

    assert request.reference in inbox
    assert ("/reopen/" in before, "/reopen/" in page.content.decode()) == (True, False)
    assert AppointmentRequest.objects.get().status == Status.CLOSED


@pytest.mark.parametrize(
    ("days", "reason", "in_force"),
    [
        (60, "", 60),
        (7, "", 7),
        (120, "A regulator asks for it.", 120),
        (365, "A regulator asks for it.", 365),
        (6, "", 90),
        (120, " ", 90),
        (366, "A regulator asks for it.", 90),
    ],
)
def test_a_clinic_keeps_it_shorter_freely_and_longer_for_a_reason(days, reason, in_force):
    RetentionPeriod.objects.create(kind="requests", days=days, reason=reason)
    just_over, just_under = closed(in_force), closed(in_force - 1)

    purged()

    assert erased(just_over, just_under) == [True, False]


def test_what_no_clinic_may_choose_stays_as_it_is():
    RetentionPeriod.objects.create(kind="sessions", days=30)

    assert periods.days_in_force()["sessions"] == 0


def test_the_table_of_the_docs_is_that_of_the_site():
    rows = [line.strip("| ").split(" | ") for line in DOCS.read_text().splitlines() if DAYS.search(line)]

    told = {label.strip(): (int(days), choice.strip(" |")) for label, days, choice in map(three, rows)}
    expected = {
        str(kind.label): (kind.days, f"{kind.least} – {kind.most}" if kind.is_adjustable else "")
        for kind in (period.kind for period in periods.periods())
    }
    assert told == expected


def three(cells):
    return (*cells, "")[:3]


def test_asking_for_the_periods_is_one_query(django_assert_num_queries):
    with django_assert_num_queries(1):
        periods.days_in_force()


@pytest.mark.parametrize(
    ("days", "reason", "errors"),
    [
        (60, "", {}),
        (120, "A regulator asks for it.", {}),
        (120, "", {"reason": ["Say why you keep it longer than 90 days."]}),
        (6, "", {"days": ["Choose from 7 to 365 days."]}),
        (366, "For ever.", {"days": ["Choose from 7 to 365 days."]}),
    ],
)
def test_the_form_says_what_a_period_may_be(client, days, reason, errors):
    client.force_login(builders.user("Manager"))

    answer = client.post(
        "/admin/clinic/retentionperiod/add/", {"kind": "requests", "days": days, "reason": reason}
    )

    found = {} if answer.status_code == 302 else answer.context["adminform"].errors
    assert found == errors
    assert RetentionPeriod.objects.count() == (0 if errors else 1)


def test_a_new_period_is_told_to_patients_and_noted_without_its_value(client):
    facts.publish()
    client.force_login(builders.user("Manager"))

    client.post("/admin/clinic/retentionperiod/add/", {"kind": "requests", "days": 45, "reason": ""})

    assert facts.load()["kept_days"]["requests"] == 45
    event = AuditEvent.objects.get(action="setting.added")
    assert (event.subject, event.reason) == ("retention period requests", "")


def test_patients_are_told_the_period_in_force_on_the_check_page_and_under_the_privacy_notice(client):
    location = builders.location()
    RetentionPeriod.objects.create(kind="requests", days=45)
    page, editor = Page.objects.create(slug="privacy", duty="website_privacy"), builders.user("Editor")
    text = pages.keep(page, title="Privacy", summary="", description="", body="", by=editor)
    pages.publish(page, text, by=editor)

    check = journey.post(client, "request_form", journey.answers(location=location.slug))
    notice = client.get("/privacy/")

    assert "We delete it 45 days after your request is closed." in check.content.decode()
    assert "what you wrote 45 days after it is closed." in notice.content.decode()


def test_the_list_of_periods_shows_every_kind_and_what_is_in_force(client):
    RetentionPeriod.objects.create(kind="requests", days=45)
    RetentionPeriod.objects.create(kind="spam", days=900, reason="For ever.")
    client.force_login(builders.user("Manager"))

    page = client.get("/admin/clinic/retentionperiod/")

    shown = {period.kind.name: period.days for period in page.context["periods"]}
    assert shown == periods.days_in_force()
    assert (shown["requests"], shown["spam"], shown["account_links"]) == (45, 30, 30)
    assert page.content.decode().count("Out of range: the default is in force.") == 1


def test_a_request_opened_again_is_not_erased_for_having_been_closed():
    request = closed(100)
    desk.reopen(request, by=builders.user(), remark="Called again")

    assert (purged(), erased(request)) == ({}, [False])


def erased(*requests):
    for request in requests:
        request.refresh_from_db()
    return [request.erased_at is not None for request in requests]


def run(*arguments):
    out = StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue().splitlines()


@pytest.fixture
def many():
    """Store requests, every other one long closed; return the words that go, and that stay."""
    place, now = builders.location(), timezone.now()
    for number in range(100):
        closed(
            0,
            location=place,
            closed_at=now - timedelta(days=100 if number % 2 else 10),
            full_name=f"Quokka{number:03} Reyes",
            notes=f"Potoroo{number:03}. " * (number % 20 + 1),
        )
    old = [f"{word}{number:03}" for number in range(1, 100, 2) for word in ("quokka", "potoroo")]
    young = [f"{word}{number:03}" for number in range(0, 100, 2) for word in ("quokka", "potoroo")]
    return old, young


@contextmanager
def failing_vacuum():
    """Let no file be written afresh, for which SQLite takes a second one, and leave copies of rows in it."""
    database = connection.connection
    allowed = database.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
    # In a larger file the pages that split leave copies without this.
    database.execute("PRAGMA secure_delete = OFF")
    try:
        with suppress(OperationalError):
            yield
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        database.execute("PRAGMA secure_delete = ON")
        database.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, allowed)


def erase_each(now):
    for request in periods.adjustable()["requests"].over(now - timedelta(days=90)):
        retention.erase(request, by=None, reason="asked for")


@pytest.mark.sqlite
@pytest.mark.django_db(transaction=True)
def test_p23_what_is_erased_is_not_in_the_bytes_of_the_file(many):
    old, young = many
    before = held(old)

    periods.purge(timezone.now())

    assert (before, held(old), held(young)) == (old, [], young)


@pytest.mark.sqlite
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("erase", [periods.purge, erase_each])
def test_p23_a_file_that_could_not_be_written_afresh_is_at_the_next_purge(many, erase):
    old, young = many
    now = timezone.now()
    with failing_vacuum():
        erase(now)
    due, left = sum(count for _kind, count in periods.count_due(now)), held(old)

    periods.purge(now)

    assert (due, bool(left), held(old), held(young)) == (0, True, [], young)


@pytest.mark.sqlite
@pytest.mark.django_db(transaction=True)
def test_p23_the_log_is_emptied_although_no_file_can_be_written_afresh(many):
    file = Path(connection.settings_dict["NAME"])

    with failing_vacuum():
        erase_each(timezone.now())
        left = file.with_name(f"{file.name}-wal").stat().st_size

    assert left == 0


@pytest.mark.sqlite
@pytest.mark.django_db(transaction=True)
def test_a_file_that_can_not_be_written_afresh_hides_no_kind_that_was_not_forgotten(many, monkeypatch):
    def fail(rows, now):
        raise OSError

    first, kind = next(iter(periods._kinds.items()))
    monkeypatch.setitem(periods._kinds, first, replace(kind, forget=fail))

    with failing_vacuum(), pytest.raises(ExceptionGroup) as failed:
        periods.purge(timezone.now())

    assert [type(error) for error in failed.value.exceptions] == [OSError]


def held(words):
    """Return which of these words the database's files hold."""
    file = Path(connection.settings_dict["NAME"])
    files = [file.with_name(file.name + ending) for ending in ("", "-wal")]
    text = b"".join(part.read_bytes() for part in files if part.exists()).lower()
    return [word for word in words if word.encode() in text]
