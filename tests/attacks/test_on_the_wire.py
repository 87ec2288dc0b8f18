"""T27 with bytes that no client library would send, against the web server itself: `make faults`."""

import socket
import time
from contextlib import ExitStack

import pytest

pytestmark = pytest.mark.faults

FORM = b"/appointments/request/send/"
IDLE = 200


def lines(first, *headers, body=b""):
    return b"\r\n".join([first, *headers, b"", body])


def ours(stack):
    return b"Host: 127.0.0.1:%d" % stack.port


ODD = {
    "H1-no-host": lambda host: lines(b"GET / HTTP/1.1"),
    "H1-two-hosts": lambda host: lines(b"GET / HTTP/1.1", b"Host: evil.example", host),
    "H1-absolute-form": lambda host: lines(b"GET http://evil.example/ HTTP/1.1", b"Host: evil.example"),
    "H7-length-and-chunks": lambda host: lines(
        b"POST %b HTTP/1.1" % FORM,
        host,
        b"Content-Length: 4",
        b"Transfer-Encoding: chunked",
        body=b"0\r\n\r\nGET",
    ),
    "H7-two-lengths": lambda host: lines(
        b"POST %b HTTP/1.1" % FORM, host, b"Content-Length: 4", b"Content-Length: 40", body=b"a=1&"
    ),
    "H7-length-of-words": lambda host: lines(
        b"POST %b HTTP/1.1" % FORM, host, b"Content-Length: many", body=b"a=1"
    ),
    "H14-trace": lambda host: lines(b"TRACE / HTTP/1.1", host),
    "H14-connect": lambda host: lines(b"CONNECT evil.example:443 HTTP/1.1", host),
    "H14-invented": lambda host: lines(b"GRAB / HTTP/1.1", host),
    "H6-header-of-64-kilobytes": lambda host: lines(b"GET / HTTP/1.1", host, b"Cookie: " + b"a" * 65536),
    "no-http": lambda host: b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" * 20 + b"\r\n\r\n",
}


def answer_to(stack, request):
    """Send bytes and return the whole answer; an empty one means that the line was cut."""
    with socket.create_connection(("127.0.0.1", stack.port), timeout=15) as line:
        line.sendall(request.replace(b"\r\n", b"\r\nConnection: close\r\n", 1))
        try:
            return b"".join(iter(lambda: line.recv(65536), b""))
        except ConnectionError:
            return b""


def test_t27_h1_h7_h14_the_server_itself_refuses_what_no_browser_sends(stack):
    stack.start(workers=0)

    answers = {name: answer_to(stack, odd(ours(stack))) for name, odd in ODD.items()}

    statuses = {name: answer[9:12] for name, answer in answers.items()}
    refused = {b"", b"400", b"403", b"405", b"408", b"413", b"415", b"431", b"501"}
    assert {name: status for name, status in statuses.items() if status not in refused} == {}
    assert [name for name, answer in answers.items() if b"evil.example" in answer] == []
    assert stack.requests() == 0
    assert stack.visitor().ask().status == 303


def test_t27_h16_two_hundred_silent_callers_keep_nobody_waiting(stack, promise):
    stack.start(workers=0)
    visitor = stack.visitor()

    with ExitStack() as lines_held:
        for number in range(IDLE):
            line = lines_held.enter_context(socket.create_connection(("127.0.0.1", stack.port)))
            # Half of them say nothing at all, half stop in the midst of a header.
            line.sendall(b"" if number % 2 else b"GET / HTTP/1.1\r\nHost: 127")
        form = visitor.checked()
        began = time.monotonic()
        answer = visitor.send(form)
        seconds = time.monotonic() - began

    assert answer.status == 303
    assert seconds < 2
    promise("P20", f"{IDLE} silent connections", f"a person got through in {seconds:.2f} s")
