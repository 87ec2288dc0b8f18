"""Every kind of page in a browser, opened once for all tests of a module: one tab for each state.

The site is a demo clinic of real processes with production settings.
"""

from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.stack.visitor import ANSWERS

PUBLIC = {
    "home": "/",
    "articles": "/articles/",
    "topic": "/articles/topics/low-back-and-leg/",
    "article": "/articles/low-back-pain-keep-moving/",
    "handout": "/articles/low-back-pain-keep-moving/print/",
    "mistake": "/articles/low-back-pain-keep-moving/mistake/",
    "search": "/search/?q=back",
    "search without hits": "/search/?q=zzzz",
    "therapists": "/staff/",
    "therapist": "/staff/mara-lindqvist/",
    "locations": "/locations/",
    "location": "/locations/northside/",
    "page": "/accessibility/",
    "start": "/appointments/",
    "emergency": "/appointments/emergency/",
    "form": "/appointments/request/",
    "not found": "/nowhere/",
}
# Role → its pages.
DESK = {
    "manager": {
        "dashboard": "/admin/",
        "requests": "/admin/appointments/appointmentrequest/",
        "request": "/admin/appointments/appointmentrequest/{request}/",
        "entering": "/admin/appointments/appointmentrequest/enter/",
        "reports": "/admin/appointments/appointmentrequest/reports/",
        "place": "/admin/clinic/location/{location}/change/",
        "clinic": "/admin/clinic/clinic/{clinic}/change/",
        "password": "/admin/password_change/",
    },
    "editor": {
        "desk": "/admin/articles/article/",
        "writing": "/admin/articles/article/{article}/",
        "pictures": "/admin/clinic/picture/",
        "picture": "/admin/clinic/picture/{picture}/change/",
    },
}
ROWS = {
    "request": "SELECT min(id) FROM appointments_appointmentrequest WHERE status = 'new'",
    "location": "SELECT min(id) FROM clinic_location",
    "clinic": "SELECT min(id) FROM clinic_clinic",
    "article": "SELECT min(article_id) FROM articles_revision",
    "picture": "SELECT min(id) FROM clinic_picture",
}
MOST_STOPS = 200
PHONE = {"width": 375, "height": 667}
NORMS = Path(__file__).with_name("norms.js").read_text()


@pytest.fixture(scope="module")
def site(template, tmp_path_factory):
    """Start one demo site for the whole module; tests may not change what it holds."""
    site = template.copy(tmp_path_factory.mktemp("site"))
    site.start(workers=0)
    yield site
    site.end()


@dataclass
class Surfer:
    """Somebody with a phone who keeps every page open in a tab of its own."""

    browser: object
    site: object
    role: str = ""

    def __post_init__(self):
        self.tabs = {}
        self.context = self.browser.new_context(
            base_url=self.site.url, viewport=PHONE, reduced_motion="reduce"
        )
        self.context.set_default_timeout(10_000)
        self.context.add_init_script(NORMS)

    def open(self, name, path):
        self.tabs[name] = self.context.new_page()
        self.tabs[name].goto(path)
        return self.tabs[name]


@pytest.fixture(scope="module")
def public(browser, site):
    """Return a tab for each kind of public page, the steps of the journey and a mistake included."""
    visitor = Surfer(browser, site)
    for name, path in PUBLIC.items():
        visitor.open(name, path)
    submit(visitor.open("form with errors", PUBLIC["form"]))
    submit(visitor.open("mistake with errors", PUBLIC["mistake"]))
    submit(visitor.open("check", PUBLIC["form"]), **ANSWERS)
    sent = visitor.open("sent", PUBLIC["form"])
    submit(sent, **ANSWERS)
    submit(sent)
    link = sent.locator("a[href*='/appointments/r/']").first.get_attribute("href")
    visitor.open("private link", link)
    yield visitor.tabs
    visitor.context.close()


@pytest.fixture(scope="module")
def desk(browser, site):
    """Return a tab for each main page of the staff, signing in and failing to included."""
    stranger = Surfer(browser, site)
    stranger.open("sign in", "/admin/login/")
    submit(stranger.open("sign in with errors", "/admin/login/"), login="a@harbor.example", password="b")
    surfers = [stranger]
    ids = {name: site.number(query) for name, query in ROWS.items()}
    for role, pages in DESK.items():
        surfers.append(Surfer(browser, site))
        username, password = site.password(role)
        submit(surfers[-1].open("dashboard", "/admin/login/"), login=username, password=password)
        for name, path in pages.items():
            surfers[-1].open(name, path.format(**ids))
    yield {name: tab for surfer in surfers for name, tab in surfer.tabs.items()}
    for surfer in surfers:
        surfer.context.close()


@pytest.fixture(scope="module")
def tabs(public, desk):
    return public | desk


def submit(tab, **answers):
    """Fill in the form of a page and send it."""
    for name, value in answers.items():
        field = tab.locator(f"main [name={name}]")
        if field.first.get_attribute("type") == "radio":
            tab.locator(f"main [name={name}][value={value}]").check(force=True)
        else:
            field.fill(value)
    with tab.expect_navigation():
        tab.locator("main form:not([data-passkey])").last.evaluate("form => form.requestSubmit()")


def complaints(tabs, norm):
    """Return what a norm has against a page, for each page with complaints."""
    found = {name: tab.evaluate(f"norms.{norm}()") for name, tab in tabs.items()}
    return {name: lines for name, lines in found.items() if lines}


def resized(tabs, **size):
    for tab in tabs.values():
        tab.set_viewport_size(size)
    return tabs


def walk(tab):
    """Press Tab from the top to the end of a page, and return what was seen at each stop."""
    tab.reload()
    stops = []
    while len(stops) < MOST_STOPS and not (stops and stops[-1]["end"]):
        tab.keyboard.press("Tab")
        stops.append(tab.evaluate("norms.stop()"))
    return stops
