"""P8: what needs a person is named to monitors, on every staff page and by mail, and what to do about it."""

import json
import logging
import os
import re
import time
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
import time_machine
from django.conf import settings
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.urls import reverse

from clinic import mail_kinds
from clinic.logs import LineFormatter
from clinic.mail_kinds import NothingToSend
from clinic.models import AuditEvent, Backup, Clinic, OutboxMessage, SelfTest, WorkerBeat
from clinic.site import failures, health
from clinic.site.watching import alarms, forwarded, signs
from tests import builders

pytestmark = pytest.mark.django_db

# 10 am in Chicago.
NOW = datetime(2026, 11, 18, 16, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
STATE = reverse("admin:state")


@pytest.fixture
def well():
    """A site that needs nobody."""
    WorkerBeat.objects.create(at=NOW)


@pytest.fixture
def manager(client):
    person = builders.user("Manager", email="ruth@harbor.example")
    with time_machine.travel(NOW, tick=False):
        client.force_login(person)
    return person


def break_self_test(hop, ago=HOUR, error="late"):
    return SelfTest.objects.create(started_at=NOW - ago, broken_hop=hop, error=error)


def fill_disk(monkeypatch):
    monkeypatch.setattr(signs, "LEAST_FREE_BYTES", 10**18)


def forget_migration():
    app, name = sorted(signs.latest_migrations())[0]
    MigrationRecorder.Migration.objects.filter(app=app, name=name).delete()


def keep_backups_here(monkeypatch):
    monkeypatch.setattr(settings, "BACKUP_COPY_TO", "backup@nas.example:clinic/")
    for hours in (37, 13):
        moment = NOW - hours * HOUR
        Backup.objects.create(started_at=moment, verified_at=moment, error="rsync-10")


def owe(**fields):
    OutboxMessage.objects.create(kind="front_desk_notice", object_id=1, **fields)


TROUBLES = {
    "migrations-pending": lambda patch: forget_migration(),
    "worker-silent": lambda patch: WorkerBeat.objects.update(at=NOW - 6 * MINUTE),
    "mail-failed": lambda patch: owe(failed_at=NOW),
    "mail-late": lambda patch: owe(waiting_since=NOW - 16 * MINUTE),
    "self-test-form": lambda patch: break_self_test("form"),
    "self-test-inbox": lambda patch: break_self_test("inbox"),
    "self-test-mail": lambda patch: break_self_test("mail"),
    "backup-overdue": lambda patch: Backup.objects.create(started_at=NOW - 37 * HOUR, error="OSError"),
    "backup-not-copied": lambda patch: keep_backups_here(patch),
    "clock-doubtful": lambda patch: AuditEvent.objects.create(action="login", at=NOW - 73 * HOUR),
    "disk-nearly-full": fill_disk,
}


@pytest.mark.parametrize("code", TROUBLES)
def test_p8_each_trouble_is_named_and_said_in_words(client, well, manager, monkeypatch, code):
    with time_machine.travel(NOW, tick=False):
        before = health.trouble(NOW)
        TROUBLES[code](monkeypatch)

        page = client.get(reverse("admin:index")).context["alarms"]
        monitors = client.get("/readyz")

    assert (before, page) == ([], [alarms.ALARMS[code]])
    assert (monitors.status_code, monitors.json()["reasons"]) == (503, [code])


def test_there_is_a_sentence_for_each_code_and_no_other():
    assert set(alarms.ALARMS) == {*TROUBLES, "database"}


def test_p8_the_runbook_has_a_chapter_for_each_code_that_names_it():
    runbook = (settings.BASE_DIR / "docs/runbook.md").read_text()
    chapters = dict(re.findall(r"^## (.+)\n\n((?:(?!## ).*\n)*)", runbook, re.MULTILINE))

    named = {code: f"`{code}`" in chapters.get(chapter, "") for code, chapter in alarms.CHAPTERS.items()}

    assert named == dict.fromkeys([*alarms.ALARMS, *alarms.WARNINGS], True)


def test_all_troubles_together_are_asked_in_one_query(well, monkeypatch, django_assert_num_queries):
    for code, trouble in TROUBLES.items():
        if code not in ("mail-late", "self-test-form", "self-test-inbox", "backup-overdue"):
            trouble(monkeypatch)

    with django_assert_num_queries(1):
        found = health.trouble(NOW)

    expected = ["migrations-pending", "worker-silent", "mail-failed", "backup-not-copied", "clock-doubtful"]
    assert found == [*expected, "self-test-mail", "disk-nearly-full"]


def test_a_database_that_fails_is_named():
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE clinic_workerbeat RENAME TO gone")

    assert health.trouble(NOW) == ["database"]


@pytest.mark.parametrize(
    ("outcome", "codes"), [({"passed_at": NOW}, []), ({}, ["self-test-mail"])], ids=["passed", "under way"]
)
def test_the_last_self_test_that_ended_decides(well, outcome, codes):
    break_self_test("mail")
    SelfTest.objects.create(started_at=NOW, **outcome)

    assert health.trouble(NOW) == codes


@pytest.mark.parametrize(
    ("free", "total", "is_full"),
    [
        (199_000_000, 1_000_000_000, True),
        (201_000_000, 1_000_000_000, False),
        (990_000_000, 20_000_000_000, True),
        (1_010_000_000, 20_000_000_000, False),
        (2_010_000_000, 4_000_000_000_000, False),
    ],
)
def test_a_disk_is_nearly_full_by_share_within_reason(monkeypatch, free, total, is_full):
    usage = type("usage", (), {"free": free, "total": total})
    monkeypatch.setattr("shutil.disk_usage", lambda folder: usage)

    assert signs.is_disk_nearly_full() == is_full


def told():
    return list(AuditEvent.objects.filter(action__startswith="alarm.").order_by("pk").values_list("subject"))


def keep(*rounds):
    """Look at the site after so many minutes, with so much amiss, and return what was told by then."""
    for minutes, *codes in rounds:
        with time_machine.travel(NOW + minutes * MINUTE, tick=False):
            alarms.keep(codes, NOW + minutes * MINUTE)
    owed = OutboxMessage.objects.filter(kind="site_alarm").count()
    subjects = [subject for (subject,) in told()]
    assert owed == len(subjects)
    return subjects


@pytest.mark.parametrize(
    ("rounds", "subjects"),
    [
        ([(0,), (1,)], []),
        ([(0, "mail-late"), (1, "mail-late")], ["mail-late"]),
        ([(0, "mail-late"), (1439, "mail-late")], ["mail-late"]),
        ([(0, "mail-late"), (1440, "mail-late")], ["mail-late", "mail-late"]),
        ([(0, "mail-late"), (1, "mail-late", "mail-failed")], ["mail-late", "mail-failed"]),
        ([(0, "mail-late"), (1, "mail-failed")], ["mail-late", "mail-failed"]),
        ([(0, "mail-late"), (40,), (41,)], ["mail-late", "all-well"]),
        ([(0, "mail-late"), (40,), (41, "mail-late")], ["mail-late", "all-well", "mail-late"]),
        # What comes and goes is one alarm.
        ([(0, "mail-late"), (1,), (2, "mail-late"), (3,), (40,)], ["mail-late", "all-well"]),
        ([(0, "mail-late"), (40, "mail-failed"), (80,)], ["mail-late", "mail-failed", "all-well"]),
        # What was told while the clock was a month ahead.
        ([(43200, "mail-late"), (0, "mail-late"), (1, "mail-late")], ["mail-late", "mail-late"]),
        ([(43200, "mail-late"), (0,), (1,)], ["mail-late", "all-well"]),
    ],
)
def test_p8_a_mail_tells_of_what_begins_daily_while_it_lasts_and_of_its_end(rounds, subjects):
    assert keep(*rounds) == subjects


def last_mail():
    event = AuditEvent.objects.first()
    return mail_kinds.make("site_alarm", event.pk)


def test_p8_the_mail_says_what_is_wrong_what_to_do_and_where_to_look(manager):
    with time_machine.travel(NOW, tick=False):
        keep((0, "mail-failed"))
        message = last_mail()

    assert (message.subject, message.to) == ("State of your website", ["ruth@harbor.example"])
    assert message.body.strip().split("\n\n") == [
        "About the website http://localhost:",
        "Some mail was given up. Look at the outgoing mail and send it again.",
        "For whoever runs the server: the steps are in docs/runbook.md, “Mail is down”.",
        "Noticed on Wednesday 18 November, 10 am.",
        "The state of the site:\nhttp://localhost/admin/state/",
    ]


def test_p8_what_mail_itself_held_up_says_so(manager):
    keep((0, "mail-late"))

    with time_machine.travel(NOW + HOUR, tick=False):
        body = last_mail().body

    assert "While mail was down, this message had to wait. See how it is now." in body


def test_the_end_is_told_in_the_same_way(manager):
    keep((0, "mail-late"), (60,))

    with time_machine.travel(NOW + HOUR, tick=False):
        body = last_mail().body

    assert body.split("\n\n")[1] == "All is well again since Wednesday 18 November, 11 am."


def test_alarms_go_to_their_own_addresses_else_to_managers_who_may_sign_in(manager):
    builders.user("Manager", is_active=False)
    builders.user("Front desk")
    keep((0, "mail-late"))
    to_managers = last_mail().to
    Clinic.objects.update_or_create(
        pk=1, defaults={"alarm_emails": "it@harbor.example\nowner@harbor.example"}
    )

    assert to_managers == ["ruth@harbor.example"]
    assert last_mail().to == ["it@harbor.example", "owner@harbor.example"]


def test_without_anybody_to_tell_no_mail_waits_for_ever():
    keep((0, "mail-late"))

    with pytest.raises(NothingToSend):
        last_mail()
    assert mail.outbox == []


@pytest.mark.parametrize(
    "header", [{"X-Forwarded-For": "10.0.0.1"}, {"X-Forwarded-Proto": "https"}, {"Forwarded": "for=10.0.0.1"}]
)
def test_a_proxy_that_nobody_trusts_is_a_warning_for_an_hour(client, well, manager, header):
    with time_machine.travel(NOW, tick=True):
        before = client.get("/readyz").json()["warnings"]
        client.get("/livez", headers=header)
        answer = client.get("/readyz")
        banner = client.get(reverse("admin:index")).context["warnings"]
        trace = forwarded._trace()
        os.utime(trace, (time.time() - 3601,) * 2)
        after = client.get("/readyz").json()["warnings"]

    assert (before, answer.status_code, after) == ([], 200, [])
    assert answer.json() == {"status": "ok", "reasons": [], "warnings": ["forwarded-headers-untrusted"]}
    assert [str(warning) for warning in banner] == [
        "A proxy passes visitors on, but the site trusts none. Set TRUSTED_PROXY_COUNT to how many there are."
    ]


def test_a_proxy_that_is_trusted_is_none(settings, well):
    settings.TRUSTED_PROXY_COUNT = 1

    Client().get("/livez", headers={"X-Forwarded-For": "10.0.0.1"})

    assert not forwarded._trace().exists()


def test_only_managers_are_told_of_warnings(client, well):
    forwarded._trace().touch()
    client.force_login(builders.user("Front desk", locations=[builders.location()]))

    page = client.get(reverse("admin:index"))

    assert "warnings" not in page.context


def test_the_command_prints_the_same(well, monkeypatch):
    forwarded._trace().touch()
    fill_disk(monkeypatch)
    said = StringIO()

    with time_machine.travel(NOW, tick=False), pytest.raises(CommandError) as refusal:
        call_command("check_queue", stdout=said)

    assert str(refusal.value) == "Needs a person: disk-nearly-full"
    assert said.getvalue() == "0 waiting, 0 failed\nTo set right: forwarded-headers-untrusted\n"


def test_a_failure_page_and_the_log_give_the_same_number(rf):
    request = rf.get("/")

    page = failures.server_error(request).content.decode()
    again = failures.database_down(request, TimeoutError()).content.decode()
    logged = LineFormatter().format(_record(request))

    number = request.problem_number
    assert (len(number), page.count(number), again.count(number)) == (6, 1, 1)
    assert logged.endswith(f"request.problem method=GET route=unknown status=500 number={number}")


def _record(request):
    record = logging.makeLogRecord({"msg": "Internal Server Error", "levelname": "ERROR", "name": "django"})
    record.request, record.status_code = request, 500
    return record


def test_managers_see_how_the_site_is_and_no_secret(client, well, manager, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_HOST_PASSWORD = "mail.harbor.example", "canary-password"
    SelfTest.objects.create(
        started_at=NOW, sent_at=NOW + MINUTE, listed_at=NOW + MINUTE, passed_at=NOW + 2 * MINUTE
    )
    break_self_test("form", error="HTTP 503")
    Backup.objects.create(name="monday.backup", started_at=NOW, verified_at=NOW)

    with time_machine.travel(NOW, tick=False):
        page = client.get(STATE)

    panels = {str(heading): dict(facts) for heading, facts in page.context["panels"]}
    content = page.content.decode()
    assert (
        panels["Mail"] | {"Waiting": 0, "Given up": 0, "Mail server": "mail.harbor.example"} == panels["Mail"]
    )
    assert panels["Mail"]["Alarms go to"] == "ruth@harbor.example"
    assert panels["Safety copies and space"]["Last whole backup"] == "today, 10 am"
    assert panels["Software"]["Roles"] == "Fit this release"
    assert panels["Software"]["Database"] == "Fits this release"
    assert [test.seconds for _started, test in page.context["tests"]] == [[60, 60, 120], [None] * 3]
    for shown in ("Broken at the form", "HTTP 503", "Release 0."):
        assert shown in content, shown
    for secret in ("canary-password", settings.SECRET_KEY, settings.ENCRYPTION_KEYS[0]):
        assert secret not in content


def test_the_page_says_what_an_upgrade_left_undone(client, manager):
    forget_migration()
    app, name = sorted(signs.latest_migrations())[0]
    manager.groups.get().permissions.remove(manager.groups.get().permissions.first())
    with time_machine.travel(NOW, tick=False):
        page = client.get(STATE)

    panels = {str(heading): dict(facts) for heading, facts in page.context["panels"]}
    assert panels["Software"]["Database"] == f"{app}.{name}"
    assert panels["Software"]["Roles"] == "Differ: migrate again"


def test_the_page_is_there_before_anything_ran(client, manager):
    with time_machine.travel(NOW, tick=False):
        page = client.get(STATE)

    assert page.status_code == 200
    assert {"Worker last seen": "Never"}.items() <= dict(page.context["panels"][0][1]).items()


def test_an_answer_of_monitors_is_one_object(client, well):
    with time_machine.travel(NOW, tick=False):
        assert json.loads(client.get("/readyz").content) == {"status": "ok", "reasons": [], "warnings": []}
