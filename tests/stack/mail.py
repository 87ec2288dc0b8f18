"""An SMTP server on loopback that keeps every message and misbehaves as told."""

import asyncio
import logging
import threading
import time
from dataclasses import dataclass
from email import message_from_bytes, policy
from functools import cached_property
from itertools import cycle, repeat
from typing import NamedTuple

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP

# Every line of every conversation, which would bury what a test that fails has to say.
logging.getLogger("mail.log").setLevel(logging.WARNING)

# Where a conversation can go wrong; "text" is in the midst of the message, "end" after all of it.
STAGES = ("connect", "ehlo", "mail", "rcpt", "data", "text", "end")
# A server that offers encryption and then does not do it.
NO_TLS = "starttls"
REPLIES = {"4xx": "451 4.3.0 try again later", "5xx": "550 5.7.1 refused"}
GREETINGS = {"4xx": b"421 too busy\r\n", "5xx": b"554 no service\r\n", "drop": b""}
SLOW_SECONDS = 3


class Fault(NamedTuple):
    """What goes wrong in a conversation, and where."""

    kind: str
    stage: str

    def __str__(self):
        return f"{self.kind} at {self.stage}"


OK = "answers"
CLOSED = "port closed"
MUTE = Fault("hang", "connect")
RESET = Fault("drop", "connect")
BUSY = Fault("4xx", "connect")
LATER = Fault("4xx", "rcpt")
REFUSES = Fault("5xx", "rcpt")
DROPS = Fault("drop", "end")
STUCK = Fault("hang", "end")


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
    """The server, which behaves as told last, what it got, and who called when."""

    def __init__(self, port):
        self.port = port
        self.pause = lambda: 0
        self.unknown_recipients = set()
        self.mails = []
        self.calls = []
        # Every byte of every caller.
        self.heard = b""
        self._moods = repeat(CLOSED)
        self._controller = None
        self._lock = threading.Lock()

    def be(self, mode):
        """Behave like this from now on, in every new conversation."""
        if (mode == CLOSED) != (self._controller is None):
            self._close() if mode == CLOSED else self._listen()
        self._moods = repeat(mode)

    def take_turns(self, *modes):
        """Behave like these from now on, one conversation after the other."""
        self.be(OK)
        self._moods = cycle(modes)

    def ids(self):
        """Return the Message-ID of each delivery, in order, copies included."""
        return [mail.id for mail in list(self.mails)]

    def _listen(self):
        self._moods = repeat(OK)
        self._controller = _Listener(self, hostname="127.0.0.1", port=self.port, ready_timeout=10)
        self._controller.start()
        # aiosmtpd calls itself once to see whether it works.
        self.calls.clear()

    def _close(self):
        self._controller.stop()
        self._controller = None

    def conversation(self, **options):
        """Return the protocol for a new connection."""
        self.calls.append(time.monotonic())
        mood = next(self._moods)
        if mood == MUTE:
            return asyncio.Protocol()
        if mood in (RESET, BUSY, Fault("5xx", "connect")):
            return _Rude(GREETINGS[mood.kind])
        return _Moody(self, mood, **options)

    async def handle_EHLO(self, server, session, envelope, hostname, responses):
        session.host_name = hostname
        reply = await server.misbehave("ehlo")
        offers = ["250-STARTTLS"] if server.mood != OK and server.mood.stage == NO_TLS else []
        return [reply] if reply else [*offers, *responses]

    async def handle_HELO(self, server, session, envelope, hostname):
        return await server.misbehave("ehlo") or "250 mail.invalid"

    async def handle_MAIL(self, server, session, envelope, address, options):
        if reply := await server.misbehave("mail"):
            return reply
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        if reply := await server.misbehave("rcpt"):
            return reply
        if address in self.unknown_recipients:
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        is_refused = server.mood in (Fault("4xx", "end"), Fault("5xx", "end"))
        if not is_refused:
            with self._lock:
                self.mails.append(Mail(envelope.original_content, tuple(envelope.rcpt_tos)))
        if reply := await server.misbehave("end"):
            return reply
        await asyncio.sleep(self.pause())
        return "250 OK"


class _Listener(Controller):
    def factory(self):
        return self.handler.conversation(**self.SMTP_kwargs)


class _Moody(SMTP):
    """A conversation with a fault at one of its stages, or without."""

    def __init__(self, handler, mood, **options):
        super().__init__(handler, **options)
        self.mood = mood

    async def misbehave(self, stage):
        """Do what goes wrong at this stage, and return the reply to give instead of the usual one."""
        if self.mood == OK or self.mood.stage != stage:
            return None
        kind = self.mood.kind
        if kind == "drop":
            self.transport.abort()
        elif kind == "hang":
            await asyncio.Event().wait()
        elif kind == "slow":
            await asyncio.sleep(SLOW_SECONDS)
        return REPLIES.get(kind)

    def data_received(self, data):
        self.event_handler.heard += data
        super().data_received(data)

    async def smtp_STARTTLS(self, arg):
        reply = await self.misbehave(NO_TLS)
        await self.push(reply or "220 ready")

    async def _handle_client(self):
        # The greeting comes first in there.
        await self.misbehave("connect")
        await super()._handle_client()

    async def smtp_DATA(self, arg):
        reply = await self.misbehave("data")
        if reply is None and self.mood != OK and self.mood.stage == "text":
            await self.push("354 go ahead")
            reply = await self.misbehave("text")
        if reply:
            await self.push(reply)
        else:
            await super().smtp_DATA(arg)


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
