"""The journey through Django's test client: forms are read from pages and sent as a browser would."""

from urllib.parse import urlencode

from django.urls import reverse

from appointments import form_token
from tests.stack.visitor import Page

URLENCODED = "application/x-www-form-urlencoded"
ANSWERS = {
    "who": "me",
    "full_name": "Alma Reyes",
    "phone": "(555) 010-0177",
    "channel": "phone",
    "call_time": "any",
    "purpose": "new",
}


def answers(**changes):
    """Everything a finished form posts, with a fresh token."""
    return {"token": form_token.issue(), **ANSWERS, **changes}


def post(client, name, fields, **headers):
    body = fields if isinstance(fields, bytes) else urlencode(fields, doseq=True)
    return client.post(reverse(name), body, content_type=URLENCODED, headers=headers)


def form_on(response, ending):
    """Return the form of a page whose action ends like this, with all that it would send."""
    return Page("", response.status_code, response.headers, response.content.decode()).form(ending)


def submit(client, response, ending, /, **filled):
    """Fill in a form of a page and send it; a list answers with several values."""
    form = form_on(response, ending).fill(**filled)
    return client.post(form.action, urlencode(form.fields), content_type=URLENCODED)
