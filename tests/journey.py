"""The journey through Django's test client: forms are read from pages and sent as a browser would."""

from urllib.parse import urlencode

from django.db import connection
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


def say(client, start, answer):
    """Answer the question of the start page, and return the page that this leads to."""
    led = submit(client, start, "/appointments/", answer=answer)
    return client.get(led.headers["Location"])


def refuse_inserts_into(table):
    """Let the database fail at this table, inside the test's own transaction."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                f"CREATE TRIGGER full_disk BEFORE INSERT ON {table} BEGIN SELECT RAISE(ABORT, 'full'); END"
            )
        else:
            cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT full_disk CHECK (false) NOT VALID")


def accept_inserts_into(table):
    with connection.cursor() as cursor:
        is_sqlite = connection.vendor == "sqlite"
        cursor.execute(
            "DROP TRIGGER full_disk" if is_sqlite else f"ALTER TABLE {table} DROP CONSTRAINT full_disk"
        )
