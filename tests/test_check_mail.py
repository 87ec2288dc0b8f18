"""`check_mail` and delivery against real mail servers that speak TLS well, badly or not at all."""

import asyncio
import logging
import socket
import ssl
import struct
import threading
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from clinic import delivery, dns_txt, mail_check, trial_mail
from clinic.models import AuditEvent, Clinic, OutboxMessage
from tests import builders

pytestmark = pytest.mark.django_db

SMTP = "django.core.mail.backends.smtp.EmailBackend"
PASSWORD = "a-password-nobody-may-see"
ADVICE = dict(mail_check.ADVICE)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """Make a key and a certificate of 127.0.0.1, and return the file with both."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail")])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    file = tmp_path_factory.mktemp("tls") / "both.pem"
    file.write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + signed.public_bytes(pem)
    )
    return file


@pytest.fixture
def tls(certificate, monkeypatch):
    """Return what a server needs for TLS; this machine trusts its certificate."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


@pytest.fixture(autouse=True)
def no_dns(monkeypatch):
    """Ask no name server of the network."""
    monkeypatch.setattr(dns_txt, "_name_server", lambda: ("127.0.0.1", unused_port()))


class Mailbox:
    """A server's handler that keeps what arrives and knows one password and no `stranger@`."""

    def __init__(self):
        self.mails = []

    def authenticate(self, server, session, envelope, mechanism, login):
        return AuthResult(success=login.password == PASSWORD.encode(), handled=False)

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("stranger@"):
            return "550 nobody of this name"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        self.mails.append(envelope.content.decode())
        return "250 OK"


class Listener(Controller):
    def _trigger_server(self):
        """Call without TLS to see whether it works: aiosmtpd's own call knows no certificate."""
        socket.create_connection((self.hostname, self.port)).close()


@pytest.fixture
def serve():
    """Start a mail server, with a context of aiosmtpd for TLS or none; return mailbox and port."""
    logging.getLogger("mail.log").setLevel(logging.ERROR)
    started = []

    def start(**options):
        mailbox = Mailbox()
        controller = Listener(
            mailbox,
            hostname="127.0.0.1",
            port=unused_port(),
            authenticator=mailbox.authenticate,
            **options,
        )
        controller.start()
        started.append(controller)
        return mailbox, controller.port

    yield start
    for controller in started:
        controller.stop()


@pytest.fixture
def use(settings):
    """Let mail go by a server on this machine, in one of the ways that EMAIL_URL names."""

    def by(port, *, way, password=""):
        settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT = SMTP, "127.0.0.1", port
        settings.EMAIL_USE_SSL, settings.EMAIL_USE_TLS = way == "smtps", way == "smtp+tls"
        settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = password and "clinic", password

    return by


def unused_port():
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


def check(capsys, address="it@harbor.example"):
    """Run the command and return its lines; the line of a refusal comes last."""
    try:
        call_command("check_mail", *([address] if address else []))
        refusal = []
    except CommandError as error:
        refusal = [str(error)]
    return capsys.readouterr().out.splitlines() + refusal


@pytest.mark.parametrize(
    ("way", "options"), [("smtps", {}), ("smtp+tls", {"require_starttls": True})], ids=["smtps", "smtp+tls"]
)
def test_check_mail_looks_at_every_step_and_sends_one_mail(capsys, serve, use, tls, way, options):
    known = {"ssl_context": tls} if way == "smtps" else {"tls_context": tls}
    mailbox, port = serve(**known, **options, auth_required=True, auth_require_tls=way != "smtps")
    use(port, way=way, password=PASSWORD)

    lines = check(capsys)

    assert lines == [
        f"ok    Connection: 127.0.0.1 answers at port {port}.",
        "ok    Encryption: TLSv1.3, and the certificate is that of 127.0.0.1.",
        "ok    Login: user and password are accepted.",
        "ok    Addresses: mail from front-desk@harbor.example to it@harbor.example is taken.",
        "hint  SPF: could not ask for the records of harbor.example.",
        "hint  DMARC: could not ask for the records of _dmarc.harbor.example.",
        "hint  DKIM: look for dkim=pass in the full headers of the test mail.",
        "ok    Test mail: the server has taken it. Look into the mailbox of it@harbor.example.",
    ]
    (mail,) = mailbox.mails
    assert ("Subject: Test mail of your website" in mail, "This is a test mail of" in mail) == (True, True)
    assert OutboxMessage.objects.get(kind="test_mail").sent_at is not None


def test_without_an_address_the_alarm_address_gets_the_test_mail(capsys, serve, use):
    Clinic.objects.create(alarm_emails="alarm@harbor.example\nowner@harbor.example")
    mailbox, port = serve()
    use(port, way="smtp")

    lines = check(capsys, address="")

    assert "To: alarm@harbor.example" in mailbox.mails[0]
    assert lines[-1].endswith("Look into the mailbox of alarm@harbor.example.")


def test_without_any_address_check_mail_asks_for_one(capsys):
    assert check(capsys, address="") == ["Name the e-mail address that the test mail shall go to."]


def test_mail_that_ends_up_in_files_fails_the_check(capsys):
    assert check(capsys) == ["Mail ends up in files here: set EMAIL_URL to smtps://USER:PASSWORD@HOST."]


def test_a_wrong_password_is_named_and_not_printed(capsys, serve, use, tls):
    _mailbox, port = serve(ssl_context=tls, auth_required=True, auth_require_tls=False)
    use(port, way="smtps", password="another-password")

    lines = check(capsys)

    assert lines == ["The server refuses user or password: set both in EMAIL_URL. (535)"]


def test_an_address_that_is_refused_is_named_before_there_is_a_mail(capsys, serve, use):
    mailbox, port = serve()
    use(port, way="smtp")

    lines = check(capsys, address="stranger@harbor.example")

    assert lines[-1] == (
        "The server does not take stranger@harbor.example (550): ask whoever runs it to allow it."
    )
    assert (mailbox.mails, OutboxMessage.objects.count()) == ([], 0)


def test_a_closed_port_is_named(capsys, use):
    use(unused_port(), way="smtps")

    assert check(capsys) == [ADVICE[OSError]]


def test_a_host_without_address_is_named(capsys, use, settings):
    use(465, way="smtps")
    settings.EMAIL_HOST = "mail.harbor.invalid"

    assert check(capsys) == [ADVICE[socket.gaierror]]


class Plain(asyncio.Protocol):
    """A server in clear that answers STARTTLS as told and keeps every byte it gets."""

    heard = b""

    def __init__(self, offers, answer):
        self.offers, self.answer = offers, answer

    def connection_made(self, transport):
        self.transport = transport
        transport.write(b"220 mail\r\n")

    def data_received(self, data):
        type(self).heard += data
        if data.lower().startswith(b"starttls"):
            self.transport.write(self.answer)
            if not self.answer or self.answer.startswith(b"220"):
                self.transport.close()
        elif data.lower().startswith(b"ehlo"):
            self.transport.write(b"250-mail\r\n250 STARTTLS\r\n" if self.offers else b"250 mail\r\n")
        else:
            self.transport.write(b"250 OK\r\n")


@pytest.fixture
def plain_server():
    """Start a Plain server in a thread; return its port."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    Plain.heard = b""

    def start(**manners):
        listening = loop.create_server(lambda: Plain(**manners), "127.0.0.1", 0)
        server = asyncio.run_coroutine_threadsafe(listening, loop).result(5)
        return server.sockets[0].getsockname()[1]

    yield start
    loop.call_soon_threadsafe(loop.stop)
    thread.join(5)


@pytest.mark.parametrize(
    "manners",
    [
        {"offers": False, "answer": b""},
        {"offers": True, "answer": b"454 TLS not available\r\n"},
        {"offers": True, "answer": b""},
        {"offers": True, "answer": b"220 go ahead\r\n"},
    ],
    ids=["stripped", "refused", "cut", "aborted"],
)
def test_t33_without_starttls_not_a_byte_of_the_message_goes_out(capsys, plain_server, use, manners):
    use(plain_server(**manners), way="smtp+tls", password=PASSWORD)
    message = trial_mail.owe("it@harbor.example")

    went_out = delivery.deliver(message)

    message.refresh_from_db()
    assert (went_out, message.is_waiting, message.attempts) == (False, True, 1)
    said = {line.split()[0].lower() for line in Plain.heard.splitlines()}
    assert said <= {b"ehlo", b"starttls", b"quit"}
    assert check(capsys)[0].startswith(("The server ", "Nobody answers", "No up-to-date TLS"))


@pytest.mark.parametrize("way", ["smtps", "smtp+tls"])
def test_t33_a_certificate_that_nobody_vouches_for_stops_the_mail(capsys, serve, use, tls, monkeypatch, way):
    mailbox, port = serve(**{"ssl_context" if way == "smtps" else "tls_context": tls})
    monkeypatch.delenv("SSL_CERT_FILE")
    use(port, way=way, password=PASSWORD)
    message = trial_mail.owe("it@harbor.example")

    went_out = delivery.deliver(message)

    message.refresh_from_db()
    assert (went_out, message.is_waiting, mailbox.mails) == (False, True, [])
    assert check(capsys) == [ADVICE[ssl.SSLCertVerificationError]]


def test_t33_plain_text_where_tls_was_meant_is_named(capsys, serve, use):
    _mailbox, port = serve()
    use(port, way="smtps")

    assert check(capsys) == [ADVICE[ssl.SSLError]]


def test_a_test_mail_that_is_not_taken_stays_on_the_list(capsys, serve, use):
    mailbox, port = serve(data_size_limit=10)
    use(port, way="smtp")

    lines = check(capsys)

    waiting = OutboxMessage.objects.get()
    assert (mailbox.mails, waiting.is_waiting, waiting.attempts) == ([], True, 1)
    assert lines[-1] == (
        f"The test mail was not taken ({waiting.last_error}). It stays on the list of outgoing mail."
    )


def test_a_manager_has_a_test_mail_sent_from_the_list_of_outgoing_mail(client, mailoutbox):
    manager = builders.user("Manager")
    client.force_login(manager)

    page = client.post(reverse("admin:clinic_outboxmessage_test"), follow=True)

    message = delivery.claim(timezone.now())
    assert delivery.deliver(message)
    assert [mail.to for mail in mailoutbox] == [[manager.email]]
    assert "A test mail to you is on its way." in page.text
    noted = AuditEvent.objects.get(action="mail.tested")
    assert (noted.actor, noted.pk) == (manager, message.object_id)


def test_only_mail_by_the_server_of_today_counts_as_delivered(client, serve, use, settings):
    _mailbox, port = serve()
    use(port, way="smtp")
    delivery.deliver(trial_mail.owe("it@harbor.example"))
    was_delivered = trial_mail.delivered().exists()

    settings.EMAIL_HOST = "mail.harbor.example"

    assert (was_delivered, trial_mail.delivered().exists()) == (True, False)


# ---------------------------------------------------------------- name server


@pytest.fixture
def name_server():
    """Answer questions over TCP with what `make` makes of them; return host and port."""
    listening = socket.create_server(("127.0.0.1", 0))

    def answer(make):
        def serve():
            # Until the test ends and closes it.
            with suppress(OSError):
                while True:
                    connection, _address = listening.accept()
                    said = make(connection.recv(1000)[2:])
                    connection.sendall(struct.pack("!H", len(said)) + said)
                    connection.close()

        threading.Thread(target=serve, daemon=True).start()
        return listening.getsockname()

    yield answer
    listening.close()


def records(*texts):
    """Return what makes an answer of these TXT records, after a CNAME as some providers have it."""

    def make(question):
        rows = [(5, b"\xc0\x0c")] + [
            (16, b"".join(bytes([len(part)]) + part for part in text)) for text in texts
        ]
        head = question[:2] + struct.pack("!5H", 0x8180, 1, len(rows), 0, 0)
        body = b"".join(
            b"\xc0\x0c" + struct.pack("!2HIH", kind, 1, 60, len(data)) + data for kind, data in rows
        )
        return head + question[12:] + body

    return make


def test_txt_records_are_read_whole(name_server):
    server = name_server(records([b"v=spf1 include:mail.example ", b"-all"], [b"other"]))

    assert dns_txt.lookup("harbor.example", server) == ["v=spf1 include:mail.example -all", "other"]


def test_a_name_that_does_not_exist_has_no_records(name_server):
    server = name_server(lambda question: question[:3] + b"\x03" + question[4:])

    assert dns_txt.lookup("harbor.example", server) == []


@pytest.mark.parametrize(
    "answer",
    [
        lambda question: b"\0\0" + question[2:],
        lambda question: question[:3] + b"\x02" + question[4:],
        lambda question: question[:6] + b"\0\x05" + question[8:],
        lambda question: b"",
    ],
    ids=["another question", "server failure", "cut short", "nothing"],
)
def test_an_answer_without_sense_is_none(name_server, answer):
    server = name_server(answer)

    with pytest.raises(dns_txt.NoAnswer):
        dns_txt.lookup("harbor.example", server)


def test_what_other_servers_find_becomes_a_hint(capsys, serve, use, monkeypatch, name_server):
    _mailbox, port = serve()
    use(port, way="smtp")
    server = name_server(records([b"v=spf1 -all"]))
    monkeypatch.setattr(dns_txt, "_name_server", lambda: server)

    lines = check(capsys)

    assert lines[4:6] == [
        "ok    SPF: harbor.example has a record.",
        "hint  DMARC: _dmarc.harbor.example has no record; add a TXT record to _dmarc.harbor.example,"
        " or mail may end up as spam.",
    ]
