"""Walk through every address of the site as somebody, by every method; twelve canaries are hidden there."""

import re

import pytest
from django.test import Client

from appointments.models import AppointmentRequest, RequestEvent
from articles.models import MistakeReport
from clinic import audit
from clinic.models import Document, OutboxMessage
from tests import builders
from tests.journey import URLENCODED
from tests.test_access import world

__all__ = ["world"]

# In the fields of requests.
OF_PATIENTS = {
    "full_name": "Quokkaname",
    "patient_name": "Wombatchild",
    "phone": "5550100187",
    "email": "numbatmail@example.org",
    "needs": "bilbyneed",
    "notes": "potoroonote",
}
REMARK = "kowariremark"
# Of the staff's own work: a reader's words, a draft, a hidden document, a mail's error, the trail.
OF_STAFF = ["dunnartreport", "quollanswer", "pademelondraft", "antechinusform", "tarpanerror"]
CANARIES = [*OF_PATIENTS.values(), REMARK, *OF_STAFF]
CONVERTER = re.compile(r"<[^>]+>|\(\?P<\w+>[^)]+\)")
# An id that nobody has, one beyond every row, and one that is none.
SAMPLES = ("0", "9999999999999", "%27--")
WITH_BODY = ("post", "put", "patch", "delete")


class Walker:
    """Somebody of the table of access; `addresses` leads from each route to an address that exists."""

    def __init__(self, people, addresses):
        self.people, self.addresses = people, addresses

    def client(self, role, **options):
        client = Client(raise_request_exception=False, **options)
        if self.people[role]:
            client.force_login(self.people[role])
        return client

    def walk(self, client, method, fields="", only=None):
        """Return the answer of each address, or of each route in `only`."""
        body = {"data": fields, "content_type": URLENCODED} if method in WITH_BODY else {}
        routes = self.addresses if only is None else only
        return {route: getattr(client, method)(self.addresses[route], **body) for route in routes}

    def guesses(self):
        """Return addresses with ids that lead to nothing, for every route that takes one."""
        for route in self.addresses:
            path = re.sub(r"[\^$]", "", route)
            if CONVERTER.search(path):
                yield from (f"/{CONVERTER.sub(sample, path)}" for sample in SAMPLES)


def said_by(response):
    """Return all that an answer says: its body, its headers and its cookies."""
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return f"{body.decode('latin-1')}\n{response.headers}\n{response.cookies.output()}"


def told(responses, canaries):
    """Return which canaries which answers tell."""
    found = {
        key: [word for word in canaries if word.lower() in said_by(response).lower()]
        for key, response in responses.items()
    }
    return {key: words for key, words in found.items() if words}


@pytest.fixture
def walker(world):
    """Return somebody who tries every address of a site in which canaries are hidden."""
    people, addresses = world
    AppointmentRequest.objects.update(**OF_PATIENTS, is_for_someone_else=True)
    for request in AppointmentRequest.objects.all():
        RequestEvent.objects.create(request=request, step="log_attempt", remark=REMARK)
    MistakeReport.objects.update(words="dunnartreport", answer="quollanswer")
    builders.article(title="pademelondraft", body="<p>pademelondraft</p>")
    Document.objects.filter(pk=builders.document().pk).update(title="antechinusform", is_listed=False)
    OutboxMessage.objects.update(last_error="tarpanerror")
    audit.record("request.viewed", subject="kowariremark")
    return Walker(people, addresses)
