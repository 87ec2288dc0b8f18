"""P8 with real processes: the self-test passes, and names the hop when the web server or the mail is down."""

import json

import pytest

from tests.stack.mail import LATER, OK
from tests.stack.site import past

pytestmark = pytest.mark.faults

LEFT = "SELECT count(*) FROM appointments_appointmentrequest WHERE source = 'probe'"


def test_p8_a_self_test_goes_all_the_way_and_a_broken_hop_is_named(stack, promise):
    stack.start()
    stack.wait_until(lambda: "worker-silent" not in reasons(stack), "the worker is up")
    requests = stack.number("SELECT count(*) FROM appointments_appointmentrequest")

    passed = stack.manage("self_test").stdout
    mails = [(mail.parsed["Subject"], mail.recipients) for mail in stack.mail.mails]
    after_pass = reasons(stack)

    # Broken for its own reasons by now: fifteen minutes are over.
    stack.mail.be(LATER)
    stack.manage("shell", "-v0", "-c", SEND_ONE)
    stack.wait_until(lambda: tried(stack), "the worker has tried")
    stack.sql("UPDATE clinic_selftest SET sent_at = %s WHERE passed_at IS NULL", past(minutes=16))
    stack.wait_until(lambda: "self-test-mail" in reasons(stack), "the mail is named")
    queue = stack.manage("check_queue", check=False).stderr
    left = stack.number(LEFT)

    stack.mail.be(OK)
    stack.web.stop()
    broken = stack.manage("self_test", check=False)
    stack.start_web()
    after_web = reasons(stack)

    stack.manage("self_test")
    stack.wait_until(lambda: reasons(stack) == [], "the next test ends the alarm")

    assert [line.split()[0] for line in passed.splitlines()] == ["form", "inbox", "mail"]
    assert mails == [("The website has tested itself", ("manager@harbor.example",))]
    assert after_pass == []
    assert queue == "CommandError: Needs a person: self-test-mail\n"
    assert broken.stderr.splitlines()[-1] == "CommandError: Broken at the form: ConnectionRefusedError"
    assert after_web == ["self-test-form"]
    assert left == stack.number(LEFT) == 0
    assert stack.number("SELECT count(*) FROM appointments_appointmentrequest") == requests
    promise(
        "P8", "self-test: as it is, SMTP 451 to all, web server stopped", "passed · mail named · form named"
    )


SEND_ONE = """
from django.utils import timezone
from clinic.site.watching import hops
hops.send_form(hops.start(timezone.now()))
"""


def tried(stack):
    return stack.number("SELECT count(*) FROM clinic_outboxmessage WHERE kind = 'self_test' AND attempts > 0")


def reasons(stack):
    return json.loads(stack.visitor().open("/readyz").text)["reasons"]
