"""P22, T21, T22: what a patient typed is in the database and on the desk's page, and nowhere else.

Twelve canaries go into every free field, and into addresses, headers and cookies. The site is worked
with, broken on purpose, and then everything that it wrote or said is searched.
"""

import pickle
import threading
import zlib
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

REQUESTS = "appointments_appointmentrequest"
# Words of names and addresses; phone numbers stand there backwards.
KEYS = "appointments_searchkey"
PHONE_DIGITS = "5550100187"
TYPED = {
    "full_name": "Quokkaname Valdez",
    "patient_name": "Wombatchild Valdez",
    "phone": "(555) 010-0187",
    "email": "numbatmail@example.org",
    "needs": "a bilbyneed, and time",
    "notes": "My potoroonote hurts\nat night.",
}
# Fields that people do not see, and one that the form does not know.
BESIDE = {"website": "dunnarttrap", "nickname": "kowarifield"}
HEADERS = {
    "User-Agent": "Pademelonagent/1",
    "Referer": "http://elsewhere.example/quollreferer",
    "X-Forwarded-For": "antechinusproxy",
}
QUERY = "utm_source=tarpanquery&email=tarpanquery@example.org"
STORED = ["Quokkaname", "Wombatchild", PHONE_DIGITS, "numbatmail", "bilbyneed", "potoroonote"]
PASSING = ["dunnarttrap", "kowarifield", "Pademelon", "quollreferer", "antechinus", "tarpanquery"]
READ_SESSIONS = """
from django.contrib.sessions.models import Session
print([session.get_decoded() for session in Session.objects.all()])
"""


def found_in(text):
    """Return the canaries in a text; a phone number counts however it is written."""
    found = {canary for canary in STORED + PASSING if canary.lower() in text.lower()}
    digits = "".join(character for character in text if character.isdigit())
    return found | ({PHONE_DIGITS} if PHONE_DIGITS in digits else set())


@pytest.fixture
def site(stack):
    """Start the site with a cache that can be searched."""
    stack.environment["CACHE_URL"] = f"filecache://{stack.folder / 'cache'}"
    stack.start()
    return stack


def test_p22_t21_t22_what_a_patient_typed_is_in_the_database_and_nowhere_else(site, promise):
    visitor, desk = site.visitor(), site.visitor()
    send_a_request(visitor)
    site.wait_until(lambda: site.owed() == 0, "the notice is sent")
    desk_page = work_at_the_desk(site, desk)

    statuses = break_everything(site, visitor)

    assert statuses == {
        "form with errors": 200,
        "refused by the CSRF check": 403,
        "too large": 413,
        "refused by the database": 503,
        "exception in the view": 500,
        "exception in a template": 500,
        "table gone": 503,
    }
    # The positive control: the canaries arrived where they belong.
    assert found_in(desk_page.text) == set(STORED)
    rows = {table: found_in(repr(site.sql(f'SELECT * FROM "{table}"'))) for table in site.database.tables()}
    assert {table: canaries for table, canaries in rows.items() if canaries} == {
        REQUESTS: set(STORED),
        KEYS: {"Quokkaname", "Wombatchild", "numbatmail"},
    }
    leaks = [(place, found_in(text)) for place, text in elsewhere(site, visitor, desk)]
    assert [(place, canaries) for place, canaries in leaks if canaries] == []
    promise("P22", f"12 canaries, {len(statuses)} failures, {len(leaks)} places searched", "0 found outside")


def send_a_request(visitor):
    visitor.open(f"/appointments/?{QUERY}", **HEADERS)
    visitor.open("/tarpanquery/?q=tarpanquery", **HEADERS)
    form = visitor.form_page().form("/appointments/request/")
    ready = visitor.send(form.fill(who="else", location="northside", **TYPED)).form("/send/")
    confirmed = visitor.send(ready.fill(nickname=BESIDE["nickname"]), **HEADERS)
    assert confirmed.status == 303
    visitor.open(confirmed.location, **HEADERS)


def work_at_the_desk(site, desk):
    """Find the request by what the patient typed, claim it, log a call; return its page."""
    desk.sign_in(*site.password("front-desk"))
    inbox = desk.open("/admin/appointments/appointmentrequest/")
    desk.send(inbox.form("/search/").fill(query="Quokkaname"))
    pk = site.number("SELECT id FROM appointments_appointmentrequest WHERE source = 'web'")
    address = f"/admin/appointments/appointmentrequest/{pk}/"
    desk.send(desk.open(address).form("/claim/"))
    desk.send(desk.open(address).form("/log_attempt/").fill(attempt="reached"))
    return desk.open(address)


def break_everything(site, visitor):
    """Make every part fail while it holds the canaries; return the status of each answer."""
    form = visitor.form_page().form("/appointments/request/").fill(who="else", location="northside", **TYPED)
    ready = visitor.send(form).form("/send/")
    stranger = site.visitor()
    seen = {
        "form with errors": visitor.send(form.fill(phone="Quokkaname", **BESIDE), **HEADERS),
        "refused by the CSRF check": stranger.send(ready, **HEADERS),
        "too large": visitor.open("/appointments/request/", {**TYPED, "notes": "potoroonote" * 9000}),
    }
    site.database.refuse(REQUESTS)
    seen["refused by the database"] = visitor.send(ready, **HEADERS)
    site.database.allow(REQUESTS)
    site.sql("UPDATE clinic_location SET time_zone = 'No/Where'")
    seen["exception in the view"] = visitor.send(ready, **HEADERS)
    make_the_mail_fail(site)
    site.sql("UPDATE clinic_location SET time_zone = 'America/Chicago'")
    site.sql("ALTER TABLE clinic_outboxmessage RENAME TO gone")
    seen["table gone"] = visitor.send(ready, **HEADERS)
    site.wait_until(lambda: "chore=deliver" in worker_log(site), "the worker misses its table")
    site.sql("ALTER TABLE gone RENAME TO clinic_outboxmessage")
    site.sql("UPDATE clinic_clinic SET snapshot = %s", '{"locations": []}')
    seen["exception in a template"] = visitor.send(form, **HEADERS)
    visitor.seen.extend(stranger.seen)
    return {name: page.status for name, page in seen.items()}


def make_the_mail_fail(site):
    """Owe the last notice again, now that its location has a time zone that does not exist."""
    last = "WHERE id = (SELECT max(id) FROM clinic_outboxmessage WHERE kind = 'front_desk_notice')"
    site.sql(f"UPDATE clinic_outboxmessage SET sent_at = NULL {last}")
    site.wait_until(lambda: "ZoneInfoNotFoundError" in worker_log(site), "the mail fails")


def worker_log(site):
    return "".join(log.read_text() for log in (site.folder / "logs").glob("worker-*.log"))


def elsewhere(site, visitor, desk):
    """Return (place, text) for everything else that the site has written or said."""
    pages = visitor.seen + desk.seen
    yield from ((f"mail {mail.id}", without_recipient(mail)) for mail in site.mail.mails)
    yield from ((log.name, log.read_text()) for log in (site.folder / "logs").iterdir())
    yield from (
        (f"temporary file {file}", file.read_bytes().decode("latin-1"))
        for file in (site.folder / "tmp").rglob("*")
        if file.is_file()
    )
    yield from ((f"cache {file}", cached(file)) for file in (site.folder / "cache").glob("*"))
    yield "facts.json", (site.folder / "facts.json").read_text()
    yield "sessions", site.manage("shell", "-v0", "-c", READ_SESSIONS).stdout
    yield from ((f"headers of {page.url}", str(page.headers)) for page in pages)


def without_recipient(mail):
    """Return a mail but for the line that every mail must have: to whom it goes."""
    (recipient,) = mail.recipients
    return (mail.raw.decode() + mail.text).replace(f"\r\nTo: {recipient}\r\n", "\r\n")


def cached(file):
    with file.open("rb") as stream:
        pickle.load(stream)
        return repr(pickle.loads(zlib.decompress(stream.read())))


@pytest.fixture
def other_host():
    """Listen on a port of its own, and keep the Referer of whoever comes by."""
    referers = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            # Browsers ask for an icon by themselves.
            if self.path == "/":
                referers.append(self.headers["Referer"])
            self.send_response(200)
            self.end_headers()

        def log_message(self, *arguments):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/", referers
    server.shutdown()
    server.server_close()


def test_t20_whoever_leaves_the_confirmation_tells_the_next_site_nothing(site, browser, other_host):
    address, referers = other_host
    confirmation = site.url + site.visitor().ask().location
    page = browser.new_page()
    page.goto(confirmation)

    page.evaluate("address => { location.href = address }", address)
    page.wait_for_url(address)

    assert referers == [None]
    # The positive control: the same click from a page that holds nothing back.
    page.route(
        confirmation, lambda route: route.fulfill(body="A page.", headers={"Referrer-Policy": "unsafe-url"})
    )
    page.goto(confirmation)
    page.evaluate("address => { location.href = address }", address)
    page.wait_for_url(address)
    assert referers == [None, confirmation]
    page.close()
