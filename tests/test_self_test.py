"""P8: the daily test request goes the whole way; where it breaks is named, and nobody ever counts it."""

import re
import ssl
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import StringIO
from threading import Event
from urllib.parse import urlencode

import pytest
import time_machine
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.core import mail, signing
from django.core.management import CommandError, call_command
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from appointments import watch, weekly_report
from appointments.models import AppointmentRequest, RequestEvent, ScreeningCount, SearchKey
from clinic import facts, self_test
from clinic.mail_kinds import NothingToSend, make
from clinic.management.commands import worker
from clinic.models import AuditEvent, Hit, OutboxMessage, SelfTest, WorkerBeat
from clinic.site import roles
from clinic.site.watching import hops, visitor
from tests import builders
from tests.journey import URLENCODED, answers, post
from tests.stack.site import unused_port

# A Wednesday, 10 am in Chicago.
NOW = datetime(2026, 11, 18, 16, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
INBOX = "admin:appointments_appointmentrequest_changelist"


@pytest.fixture
def place(db):
    return builders.location("Northside", slug="northside")


@pytest.fixture
def manager(db):
    return builders.user("Manager", email="ruth@harbor.example")


@pytest.fixture
def trial(db):
    return SelfTest.objects.create()


def send(client, mark="", **changes):
    return post(client, "request_send", answers(**changes), **{self_test.HEADER: mark})


def sources():
    return list(AppointmentRequest._base_manager.order_by("pk").values_list("source", flat=True))


def owed():
    return list(OutboxMessage.objects.order_by("pk").values_list("kind", flat=True))


def under_way(**fields):
    """A self-test that was sent and stored a moment ago, with the mail it owes."""
    trial = SelfTest.objects.create(sent_at=timezone.now(), **fields)
    builders.appointment_request(source="probe", full_name=f"Self-test {trial.pk}")
    OutboxMessage.objects.create(kind="self_test", object_id=trial.pk)
    return trial


def ended(trial):
    trial.refresh_from_db()
    return trial.broken_hop, trial.error, bool(trial.passed_at)


def test_p8_the_request_goes_from_the_form_through_the_inbox_into_a_mailbox(live_server, settings):
    settings.SITE_URL = live_server.url
    settings.CSRF_TRUSTED_ORIGINS = [live_server.url]
    builders.location("Northside")
    builders.location("Mill Road")
    # Another test with a database of its own may have emptied out the roles.
    roles.synchronise()
    builders.user("Manager", email="ruth@harbor.example")
    facts.publish()

    trial = hops.start(timezone.now())
    hops.send_form(trial)
    sent = (sources(), owed())
    hops.follow(timezone.now())
    worker.deliver(timezone.now(), Event())
    hops.follow(timezone.now())

    assert sent == (["probe"], ["self_test"])
    assert ended(trial) == ("", "", True)
    assert [seconds is not None for seconds in trial.seconds] == [True, True, True]
    assert [(message.subject, message.to) for message in mail.outbox] == [
        ("The website has tested itself", ["ruth@harbor.example"])
    ]
    assert (sources(), owed()) == ([], [])
    assert [model.objects.count() for model in (SearchKey, RequestEvent, ScreeningCount, Hit)] == [0] * 4


def test_only_the_right_mark_makes_a_request_a_test(client, place, trial):
    send(client, self_test.mark_of(trial))

    assert (sources(), owed()) == (["probe"], ["self_test"])
    assert [model.objects.count() for model in (SearchKey, RequestEvent, Hit)] == [0] * 3


@pytest.mark.parametrize(
    "mark",
    [
        lambda trial: "",
        lambda trial: str(trial.pk),
        lambda trial: signing.dumps(trial.pk),
        lambda trial: self_test.mark_of(trial)[:-1],
        lambda trial: self_test.mark_of(SelfTest(pk=trial.pk + 1)),
        lambda trial: self_test.mark_of(SelfTest.objects.create(sent_at=NOW)),
    ],
    ids=["none", "unsigned", "of another use", "cut short", "of no test", "spent"],
)
def test_nobody_hides_a_request_by_a_mark_that_is_not_right(client, place, trial, mark):
    send(client, mark(trial))

    assert (sources(), owed()) == (["web"], ["front_desk_notice"])


def test_an_old_mark_makes_an_ordinary_request(client, place, trial):
    mark = self_test.mark_of(trial)

    with time_machine.travel(timezone.now() + 3 * MINUTE):
        send(client, mark)

    assert sources() == ["web"]


def test_a_mark_in_the_form_or_the_address_is_none(client, place, trial):
    mark = self_test.mark_of(trial)

    send(client, **{self_test.HEADER: mark})
    address = f"{reverse('request_send')}?{self_test.HEADER}={mark}"
    client.post(address, urlencode(answers()), content_type=URLENCODED)

    assert sources() == ["web", "web"]


def test_a_mark_is_good_for_one_request(client, place, trial):
    mark = self_test.mark_of(trial)

    send(client, mark, full_name="Alma Reyes")
    send(client, mark, full_name="Omar Haddad")

    assert sources() == ["probe", "web"]


def test_what_could_not_be_stored_leaves_its_mark_unspent(client, place, trial):
    with pytest.raises(transaction.TransactionManagementError), transaction.atomic():
        assert self_test.redeem(self_test.mark_of(trial), NOW) == trial.pk
        raise transaction.TransactionManagementError

    trial.refresh_from_db()
    assert trial.sent_at is None


def test_a_test_never_replaces_what_a_patient_sent_with_the_same_form(client, place, trial):
    fields = answers()
    post(client, "request_send", fields)
    post(client, "request_send", {**fields, "full_name": "T"}, **{self_test.HEADER: self_test.mark_of(trial)})

    [request] = AppointmentRequest.objects.all()
    assert (request.status, request.full_name, sources()) == ("new", "Alma Reyes", ["web", "probe"])


@pytest.mark.parametrize(("is_marked", "counted"), [(True, []), (False, ["none", "shown"])])
def test_what_the_test_sees_and_answers_counts_as_nobodys(client, place, trial, is_marked, counted):
    headers = {self_test.HEADER: self_test.mark_of(trial)} if is_marked else {}

    client.get(reverse("request_start"), headers=headers)
    post(client, "request_start", {"answer": "none"}, **headers)

    assert list(ScreeningCount.objects.order_by("step").values_list("step", flat=True)) == counted


def everything_told(client, manager):
    """Return all that anybody is told of requests: pages, files, numbers and mails."""
    client.force_login(manager)
    later = NOW + timedelta(hours=9)
    tabs = {tab: client.get(reverse(INBOX), {"tab": tab}) for tab in ("to_do", "maybe_spam")}
    export = {"weeks": 0, "columns": ["contact"], "reason": "Monthly"}
    pages = {
        **tabs,
        "dashboard": client.get(reverse("admin:index")),
        "overdue": client.get(reverse(INBOX), {"state": "overdue"}),
        "search": client.post(reverse("admin:appointments_appointmentrequest_search"), {"query": "Reyes"}),
        "news": client.get(reverse("admin:appointments_appointmentrequest_news"), {"since": 0}),
        "reports": client.get(reverse("admin:appointments_appointmentrequest_reports")),
        "export": client.post(reverse("admin:appointments_appointmentrequest_export"), export),
    }
    with transaction.atomic():
        alarms = watch.keep(later)
        transaction.set_rollback(True)
    numbers = {
        "numbers": AppointmentRequest.objects.numbers(manager, NOW),
        "newest": AppointmentRequest.objects.newest_pk(),
        "real": AppointmentRequest.objects.real().count(),
        "alarms": alarms,
        "weekly report": weekly_report.weekly_report(202647).body,
        "of the location": AppointmentRequest.objects.get(reference="R-2345-678").location.requests.count(),
        "search keys": SearchKey.objects.count(),
        "history": RequestEvent.objects.count(),
        "limits": Hit.objects.count(),
    }
    return {name: _steady(page) for name, page in pages.items()} | numbers


def _steady(response):
    """Return an answer without what is drawn afresh each time."""
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return re.sub(r'(name="csrfmiddlewaretoken" value|nonce)="[^"]+"', "", content.decode())


@pytest.mark.parametrize("is_marked", [True, False], ids=["the test's", "a patient's"])
def test_p8_nothing_anybody_is_told_changes_by_the_test_and_everything_by_a_patient(
    client, place, manager, trial, is_marked
):
    with time_machine.travel(NOW, tick=False):
        mark = self_test.mark_of(trial) if is_marked else ""
        builders.appointment_request(location=place, reference="R-2345-678")
        before, trail = everything_told(client, manager), AuditEvent.objects.count()

        client.logout()
        send(client, mark)
        send(client, mark and self_test.mark_of(SelfTest.objects.create()), website="spam")
        noted = AuditEvent.objects.count() - trail
        after = everything_told(client, manager)

    changed = {name for name in after if after[name] != before[name]}
    assert changed == (set() if is_marked else set(after))
    assert (noted, len(sources())) == (1, 3)


def test_p8_a_form_that_nobody_answers_is_the_hop_that_broke(settings, place, trial):
    settings.SITE_URL = f"http://127.0.0.1:{unused_port()}"

    hops.send_form(trial)

    assert ended(trial) == ("form", "ConnectionRefusedError", False)


def serve(answer, certificate=None):
    """Serve one answer on loopback, and return its address and how to end it."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            answer(self)

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, args=[0.01], daemon=True).start()
    return server


def says(status, *, location="", body=b"<p>Welcome.</p>"):
    def answer(handler):
        handler.send_response(status)
        if location:
            handler.send_header("Location", location)
        handler.end_headers()
        handler.wfile.write(body)

    return answer


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (says(503), "HTTP 503"),
        (says(200), "no form to /appointments/"),
        (says(200, body=b"\xff"), "UnicodeDecodeError"),
        (says(302, location="https://elsewhere.example/"), "led elsewhere"),
        (says(302, location="/appointments/"), "HTTP 302"),
        (lambda handler: handler.wfile.write(b"nonsense\r\n\r\n"), "BadStatusLine"),
    ],
    ids=["failing", "another page", "no text", "elsewhere", "in circles", "no HTTP"],
)
def test_p8_a_site_that_answers_wrongly_breaks_the_form(settings, place, trial, answer, code):
    server = serve(answer)
    settings.SITE_URL = f"http://127.0.0.1:{server.server_port}"

    hops.send_form(trial)
    server.shutdown()

    assert ended(trial) == ("form", code, False)


def test_a_certificate_that_browsers_mistrust_breaks_the_form(settings, place, trial, tmp_path):
    server = serve(says(200), certificate=own_certificate(tmp_path))
    settings.SITE_URL = f"https://localhost:{server.server_port}"

    with pytest.raises(visitor.Broken, match="SSLCertVerificationError"):
        visitor.ask(trial, {})
    server.shutdown()


def own_certificate(folder):
    """Return a file with a certificate for localhost that nobody but itself has signed."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now)
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    file = folder / "certificate.pem"
    plain = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    file.write_bytes(key.private_bytes(*plain) + certificate.public_bytes(serialization.Encoding.PEM))
    return file


def test_p8_a_request_that_is_in_no_list_breaks_the_inbox_after_two_minutes(manager):
    now = timezone.now()
    trial = under_way()
    AppointmentRequest.probes.update(quarantined_at=now, surfaces_at=now)

    hops.follow(now + 2 * MINUTE)
    at_first = ended(trial)
    hops.follow(now + 3 * MINUTE)

    assert (at_first, ended(trial)) == (("", "", False), ("inbox", "not listed", False))
    assert (sources(), owed()) == ([], [])


def test_p8_a_mail_that_does_not_go_out_breaks_after_fifteen_minutes_with_its_reason(manager):
    now = timezone.now()
    trial = under_way(listed_at=now)
    OutboxMessage.objects.update(last_error="SMTPDataError 451")

    hops.follow(now + 15 * MINUTE)
    at_first = ended(trial)
    hops.follow(now + 16 * MINUTE)

    assert (at_first, ended(trial)) == (("", "", False), ("mail", "SMTPDataError 451", False))
    assert (sources(), owed()) == ([], [])


def test_p8_without_anybody_to_tell_the_mail_is_not_tested(db):
    trial = under_way(listed_at=timezone.now())

    hops.follow(timezone.now())

    assert ended(trial) == ("mail", "no address", False)


def test_a_test_whose_process_ended_before_it_sent_the_form_says_nothing(trial):
    hops.follow(trial.started_at + 3 * MINUTE)

    assert not SelfTest.objects.exists()


def test_a_form_that_arrives_after_its_test_has_ended_is_still_the_tests(client, place, manager, trial):
    SelfTest.objects.update(broken_hop="form", error="TimeoutError")

    send(client, self_test.mark_of(trial))

    assert (sources(), owed()) == (["probe"], ["self_test"])
    with pytest.raises(NothingToSend):
        make("self_test", trial.pk)
    hops.start(timezone.now())
    assert (sources(), owed()) == ([], [])


def test_one_test_is_under_way_at_a_time(trial):
    assert hops.start(timezone.now()) is None

    SelfTest.objects.update(passed_at=NOW)
    assert hops.start(timezone.now()) is not None


@pytest.mark.parametrize(
    ("ago", "fields", "is_due"),
    [
        (timedelta(hours=23), {"passed_at": NOW}, False),
        (timedelta(hours=24), {"passed_at": NOW}, True),
        (timedelta(minutes=59), {"broken_hop": "mail"}, False),
        (timedelta(minutes=60), {"broken_hop": "mail"}, True),
        # The clock was set back.
        (timedelta(days=-2), {"passed_at": NOW}, True),
    ],
)
def test_it_is_due_daily_and_an_hour_after_a_break(place, ago, fields, is_due):
    SelfTest.objects.create(started_at=NOW - ago, **fields)

    assert hops.is_due(NOW) == is_due


def test_it_waits_while_the_site_takes_no_requests_on_purpose(place, settings):
    assert hops.is_due(NOW)

    settings.MAINTENANCE_FILE.touch()
    in_maintenance = hops.is_due(NOW)
    settings.MAINTENANCE_FILE.unlink()
    place.takes_online_requests = False
    place.save()

    assert (in_maintenance, hops.is_due(NOW)) == (False, False)


def test_the_command_names_the_hops_and_the_one_that_broke(settings, place, manager):
    settings.SITE_URL = f"http://127.0.0.1:{unused_port()}"
    WorkerBeat.objects.create(at=timezone.now())
    said = StringIO()

    with pytest.raises(CommandError, match="Broken at the form: ConnectionRefusedError"):
        call_command("self_test", stdout=said)

    assert said.getvalue() == "form  broken\ninbox not reached\nmail  not reached\n"


def test_the_command_refuses_what_would_break_by_itself(trial):
    with pytest.raises(CommandError, match="The worker does not run"):
        call_command("self_test")

    WorkerBeat.objects.create(at=timezone.now())
    with pytest.raises(CommandError, match="Another test is under way"):
        call_command("self_test")
