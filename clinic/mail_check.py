"""Look at the way that mail takes, step by step, before one is sent: for `manage.py check_mail`."""

import socket
import ssl
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from smtplib import SMTPAuthenticationError, SMTPException, SMTPNotSupportedError, SMTPResponseException

from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.message import sanitize_address

from clinic import dns_txt, trial_mail

# The first that fits says what to do. What the server answered may hold an address, so it is left out.
ADVICE = (
    (SMTPAuthenticationError, "The server refuses user or password: set both in EMAIL_URL."),
    (
        SMTPNotSupportedError,
        "The server offers no TLS, or no login, at this port: set EMAIL_URL to smtps://.",
    ),
    (SMTPException, "The server breaks the conversation off: ask whoever runs it, or try smtps://."),
    (
        ssl.SSLCertVerificationError,
        "The certificate is not of this host, or nobody vouches for it: set its full name in EMAIL_URL.",
    ),
    (
        ssl.SSLError,
        "No up-to-date TLS here: smtps:// is for port 465, smtp+tls:// for ports such as 587 and 2525.",
    ),
    (socket.gaierror, "This host has no address: look for a typing error in EMAIL_URL."),
    (
        OSError,
        "Nobody answers at this port. Some hosts close 25, 465 and 587: ask yours to open one,"
        " or use smtp+tls:// on port 2525.",
    ),
)


class Broken(Exception):
    """A step that failed, with what to do about it; what comes after it cannot work."""


@dataclass(frozen=True)
class Finding:
    is_fine: bool
    step: str
    said: str


def findings(address) -> Iterator[Finding]:
    """Yield what each step of a mail to this address shows; raise Broken where the way ends."""
    host = trial_mail.server()
    if not host:
        raise Broken("Mail ends up in files here: set EMAIL_URL to smtps://USER:PASSWORD@HOST.")
    connection = get_connection()
    with _advised(), closing(connection):
        connection.open()
        smtp = connection.connection
        yield Finding(True, "Connection", f"{host} answers at port {settings.EMAIL_PORT}.")
        yield Finding(True, "Encryption", _encryption(smtp.sock, host))
        yield Finding(True, "Login", _login(connection))
        yield Finding(True, "Addresses", _addresses(smtp, address))
    yield from _hints(settings.DEFAULT_FROM_EMAIL.rpartition("@")[2])


@contextmanager
def _advised():
    try:
        yield
    # Those of smtplib among them.
    except OSError as error:
        advice = next(advice for kind, advice in ADVICE if isinstance(error, kind))
        code = f" ({error.smtp_code})" if isinstance(error, SMTPResponseException) else ""
        raise Broken(advice + code) from error


def _encryption(sock, host):
    """Name the protocol; Django lets nothing pass but TLS 1.2 and later with a certificate of the host."""
    if isinstance(sock, ssl.SSLSocket):
        return f"{sock.version()}, and the certificate is that of {host}."
    return "none, which is safe on this machine alone."


def _login(connection):
    if connection.username:
        return "user and password are accepted."
    return "none; the server must know this machine."


def _addresses(smtp, address):
    """Name both addresses to the server, and take them back before there is a message."""
    sender, address = (sanitize_address(each, "utf-8") for each in (settings.DEFAULT_FROM_EMAIL, address))
    smtp.ehlo_or_helo_if_needed()
    for named, (code, _answer) in ((sender, smtp.mail(sender)), (address, smtp.rcpt(address))):
        if code not in (250, 251):
            raise Broken(f"The server does not take {named} ({code}): ask whoever runs it to allow it.")
    smtp.rset()
    return f"mail from {sender} to {address} is taken."


def _hints(domain):
    """Say what other servers find when they ask whether mail of this domain is genuine."""
    yield _record("SPF", domain, "v=spf1", "add the TXT record that your mail provider names")
    yield _record("DMARC", f"_dmarc.{domain}", "v=DMARC1", f"add a TXT record to _dmarc.{domain}")
    yield Finding(False, "DKIM", "look for dkim=pass in the full headers of the test mail.")


def _record(step, name, beginning, advice):
    try:
        records = dns_txt.lookup(name)
    except dns_txt.NoAnswer:
        return Finding(False, step, f"could not ask for the records of {name}.")
    if any(record.startswith(beginning) for record in records):
        return Finding(True, step, f"{name} has a record.")
    return Finding(False, step, f"{name} has no record; {advice}, or mail may end up as spam.")
