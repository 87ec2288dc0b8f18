"""P20: people get through while bots fill in the form a hundred times a second: `make faults`."""

import threading
import time
from itertools import count
from pathlib import Path

import pytest

pytestmark = pytest.mark.faults

A_SECOND = 100
SENDERS = 10
PAGES = ["/", "/articles/", "/locations/northside/", "/appointments/"]


class Bots:
    """Programs that send the form again and again, each from another made-up address."""

    def __init__(self, stack, seconds):
        self.stack, self.until = stack, time.monotonic() + seconds
        self.numbers, self.statuses = count(), []
        self.threads = [threading.Thread(target=self._send) for _ in range(SENDERS)]

    def __enter__(self):
        self.visitors = [self.stack.visitor(timeout=20) for _ in range(SENDERS)]
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_error):
        for thread in self.threads:
            thread.join()

    def _send(self):
        visitor = self.visitors.pop()
        form = visitor.checked()
        while time.monotonic() < self.until:
            began = time.monotonic()
            address = f"198.51.100.{next(self.numbers) % 250}"
            self.statuses.append(visitor.send(form, **{"X-Forwarded-For": address}).status)
            time.sleep(max(0, began + SENDERS / A_SECOND - time.monotonic()))


def p95(seconds):
    return sorted(seconds)[int(len(seconds) * 0.95)]


def timed(action, *arguments, **headers):
    began = time.monotonic()
    page = action(*arguments, **headers)
    return time.monotonic() - began, page.status


def megabytes(process):
    """Return the memory of the largest process of a server."""
    statuses = [Path(f"/proc/{pid}/status").read_text() for pid in process.pids()]
    return max(int(status.split("VmRSS:")[1].split()[0]) for status in statuses) // 1024


def test_p20_people_get_through_while_bots_send_a_hundred_forms_a_second(stack, promise, rounds):
    seconds, people = rounds(20), rounds(15)
    stack.environment["TRUSTED_PROXY_COUNT"] = "1"
    stack.start(workers=0)
    sent, read = [], []

    with Bots(stack, seconds) as bots:
        for number in range(people):
            person, home = stack.visitor(), {"X-Forwarded-For": f"203.0.113.{number % 250}"}
            read += [timed(person.open, path, **home) for path in PAGES]
            sent.append(timed(person.send, person.checked(full_name=f"Person {number}"), **home))
            time.sleep(max(0, bots.until - time.monotonic()) / (people - number))

    stored = stack.number(
        "SELECT count(*) FROM appointments_appointmentrequest WHERE full_name LIKE 'Person %%'"
    )
    assert ({status for _seconds, status in sent}, stored) == ({303}, people)
    assert {status for _seconds, status in read} == {200}
    assert set(bots.statuses) <= {303, 429}
    post, page = p95([took for took, _ in sent]), p95([took for took, _ in read])
    assert post < 2
    assert megabytes(stack.web) < 300
    promise(
        "P20",
        f"{len(bots.statuses) / seconds:.0f} forms a second by bots for {seconds} s, {people} people",
        f"each person got through, form p95 {post:.2f} s, page p95 {page:.2f} s",
    )
