"""An SMTP server on loopback that keeps every message and misbehaves as told."""

import asyncio
import logging
import threading
import time
from dataclasses import dataclass
from email import message_from_bytes, policy
from functools import cached_property

from aiosmtpd.controller import Controller

# Every line of every conversation, which would bury what a test that fails has to say.
logging.getLogger("mail.log").setLevel(logging.WARNING)

# What happens once a message has been taken, or before.
OK = "answers"
CLOSED = "port closed"
MUTE = "accepts and says nothing"
RESET = "cuts the line at once"
BUSY = "421 at the greeting"
LATER = "451 to every recipient"
REFUSES = "550 to every recipient"
DROPS = "cuts the line after the message"
STUCK = "takes the message and never answers"


@dataclass(frozen=True)
class Mail:
    """One delivery, as it came over the wire."""

    raw: bytes
    recipients: tuple[str, ...]

    @cached_property
    def parsed(self):
        return message_from_bytes(self.raw, policy=policy.default)

    @property
    def id(self):
        return self.parsed["Message-ID"]

    @property
    def text(self):
        return self.parsed.get_content().replace("\r\n", "\n").strip()


class MailServer:
    """The server, its `mode` (may change at any time), what it got, and who called when."""

    def __init__(self, port):
        self.port = port
        self.mode = CLOSED
        self.pause = lambda: 0
        self.unknown_recipients = set()
        self.mails = []
        self.calls = []
        self._controller = None
        self._lock = threading.Lock()

    def be(self, mode):
        """Behave like this from now on."""
        if (mode == CLOSED) != (self._controller is None):
            self._close() if mode == CLOSED else self._listen()
        self.mode = mode

    def ids(self):
        """Return the Message-ID of each delivery, in order, copies included."""
        return [mail.id for mail in list(self.mails)]

    def _listen(self):
        self.mode = OK
        self._controller = _Listener(self, hostname="127.0.0.1", port=self.port, ready_timeout=10)
        self._controller.start()
        # aiosmtpd calls itself once to see whether it works.
        self.calls.clear()

    def _close(self):
        self._controller.stop()
        self._controller = None

    def conversation(self, polite):
        """Return the protocol for a new connection."""
        self.calls.append(time.monotonic())
        if self.mode == MUTE:
            return asyncio.Protocol()
        if self.mode in (RESET, BUSY):
            return _Rude(b"421 too busy\r\n" if self.mode == BUSY else b"")
        return polite()

    async def handle_RCPT(self, server, session, envelope, address, options):
        if self.mode == LATER:
            return "451 try again later"
        if self.mode == REFUSES or address in self.unknown_recipients:
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        with self._lock:
            self.mails.append(Mail(envelope.original_content, tuple(envelope.rcpt_tos)))
        if self.mode == DROPS:
            server.transport.abort()
        if self.mode == STUCK:
            await asyncio.Event().wait()
        await asyncio.sleep(self.pause())
        return "250 OK"


class _Listener(Controller):
    def factory(self):
        return self.handler.conversation(super().factory)


class _Rude(asyncio.Protocol):
    """Say one thing, or nothing, and hang up."""

    def __init__(self, last_words):
        self.last_words = last_words

    def connection_made(self, transport):
        if self.last_words:
            transport.write(self.last_words)
            transport.close()
        else:
            transport.abort()
