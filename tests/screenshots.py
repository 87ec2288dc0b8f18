"""Pictures of every kind of page as production serves it: `make screenshots` writes var/screenshots/.

375, 768 and 1440 pixels wide, light and dark. A chosen few, made smaller, are those of README and docs.
"""

import json
from pathlib import Path

import pytest
from PIL import Image

PROJECT = Path(__file__).resolve().parents[1]
FOLDER = PROJECT / "var/screenshots"
WIDTHS = {375: 812, 768: 1024, 1440: 900}
SCHEMES = ("light", "dark")
# Of README and docs: name, width and scheme of a screenshot; only its first screen is kept.
SHOWN = {
    "home.png": ("home", 1440, "light"),
    "article.png": ("article", 1440, "light"),
    "form.png": ("form with errors", 375, "light"),
    "inbox.png": ("inbox", 1440, "light"),
    "access-review.png": ("access review", 1440, "light"),
    "this-site.png": ("this site", 1440, "light"),
    "request.png": ("request", 1440, "light"),
    "writing.png": ("writing", 1440, "light"),
}
COLORS = 96

READERS = {
    "home": "/",
    "articles": "/articles/",
    "topic": "/articles/topics/low-back-and-leg/",
    "article": "/articles/dry-needling-and-sciatica/",
    "article overdue": "/articles/neck-pain-and-desk-work/",
    "article news": "/articles/saturday-hours-at-northside/",
    "handout": "/articles/dry-needling-and-sciatica/print/",
    "mistake": "/articles/dry-needling-and-sciatica/mistake/",
    "therapists": "/staff/",
    "therapist": "/staff/mara-lindqvist/",
    "locations": "/locations/",
    "location": "/locations/northside/",
    "page": "/new-patients/",
    "page long": "/notice-of-privacy-practices/",
    "search": "/search/?q=knee",
    "search nothing": "/search/?q=zebra",
    "start": "/appointments/",
    "emergency": "/appointments/emergency/",
    "form": "/appointments/request/",
    "private link unknown": "/appointments/r/unknown/",
    "not found": "/nowhere/",
    "login": "/admin/login/",
}
# What lies behind these is not there; everything else is.
NOWHERE = {"private link unknown", "not found"}
DESK = {
    "front-desk": {
        "dashboard front desk": "/admin/",
        "inbox": "/admin/appointments/appointmentrequest/",
        "inbox waiting": "/admin/appointments/appointmentrequest/?tab=waiting",
        "inbox closed": "/admin/appointments/appointmentrequest/?tab=closed",
        "phone entry": "/admin/appointments/appointmentrequest/enter/",
    },
    "editor": {
        "dashboard editor": "/admin/",
        "article desk": "/admin/articles/article/",
        "pictures": "/admin/clinic/picture/",
        "pages": "/admin/clinic/page/",
        "care cards": "/admin/articles/carecard/",
    },
    "clinician": {"dashboard clinician": "/admin/"},
    "manager": {
        "dashboard manager": "/admin/",
        "facts": "/admin/clinic/clinic/1/change/",
        "reports": "/admin/appointments/appointmentrequest/reports/",
        "access review": "/admin/access-review/",
        "this site": "/admin/state/",
        "people": "/admin/staff/user/",
        "person": "/admin/staff/user/1/change/",
        "retention": "/admin/clinic/retentionperiod/",
        "own sign-in": "/admin/account/",
        "sessions": "/admin/account/sessions/",
        "audit trail": "/admin/clinic/auditevent/",
        "design": "/design/",
    },
}
FAILURES = ("400", "403", "403_csrf", "404", "410", "413", "415", "429", "500", "503", "maintenance")
# What opens behind the first row of a list.
BEHIND = {
    "request": ("front-desk", "inbox", "tbody th a"),
    "writing": ("editor", "article desk", "tbody th a"),
}


class Camera:
    def __init__(self, page, width, scheme):
        self.page, self.width, self.scheme = page, width, scheme

    def take(self, name, path=None):
        """Take the whole page at this address, or the one that is open."""
        if path:
            assert self.page.goto(path).ok == (name not in NOWHERE), name
        self.page.evaluate("document.fonts.ready.then(() => true)")
        self.page.screenshot(path=file_of(name, self.width, self.scheme), full_page=True)


def file_of(name, width, scheme):
    return FOLDER / f"{name.replace(' ', '-')}-{width}-{scheme}.png"


@pytest.fixture
def site(stack):
    stack.start()
    FOLDER.mkdir(parents=True, exist_ok=True)
    return stack


@pytest.fixture
def camera(site, browser):
    """Return a function that opens a new browser window of a width in a scheme."""
    windows = []

    def opened(width, scheme):
        window = browser.new_context(
            base_url=site.url, color_scheme=scheme, viewport={"width": width, "height": WIDTHS[width]}
        )
        windows.append(window)
        return Camera(window.new_page(), width, scheme)

    yield opened
    for window in windows:
        window.close()


def sign_in(page, site, role):
    name, password = site.password(role)
    page.goto("/admin/login/")
    page.fill("[name=login]", name)
    page.fill("[name=password]", password)
    page.click("[type=submit]")


def take_journey(camera):
    """Send a request as a patient would, and keep each step."""
    page = camera.page
    page.goto("/appointments/request/")
    page.click("main form .button")
    camera.take("form with errors")
    page.fill("[name=full_name]", "Maximiliane von Hohenstein-Beauregard")
    page.fill("[name=phone]", "(555) 010-0123")
    page.click("label[for=id_location_0]")
    page.click("main form .button")
    camera.take("check")
    page.click("main form .button")
    camera.take("confirmation")
    page.click("a[href*='/appointments/r/']")
    camera.take("private link")


def take_failures(camera, site):
    """Show each failure page in the place of one that failed, with the facts of the site."""
    command = "import json; from clinic.site.failures import failure_page; "
    command += "print(json.dumps({name: failure_page(500, f'{name}.html').content.decode() for name in %r}))"
    pages = json.loads(site.manage("shell", "-v0", "-c", command % (FAILURES,)).stdout)
    camera.page.goto("/nowhere/")
    for name in FAILURES:
        camera.page.set_content(pages[name])
        camera.take(f"failure {name}")


def take_desk(camera, site, role):
    page = camera.page
    sign_in(page, site, role)
    for name, path in DESK[role].items():
        camera.take(name, path)
    for name, (whose, listed, link) in BEHIND.items():
        if whose == role:
            page.goto(DESK[role][listed])
            page.locator(link).first.click()
            camera.take(name)


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("width", WIDTHS)
def test_take_every_page(site, camera, width, scheme):
    readers = camera(width, scheme)
    for name, path in READERS.items():
        readers.take(name, path)
    take_journey(camera(width, scheme))
    take_failures(camera(width, scheme), site)
    for role in DESK:
        take_desk(camera(width, scheme), site, role)

    names = [*READERS, *BEHIND, *(name for pages in DESK.values() for name in pages)]
    assert [name for name in names if not file_of(name, width, scheme).exists()] == []


def test_keep_the_chosen_few_for_readme_and_docs():
    for name, (shot, width, scheme) in SHOWN.items():
        image = Image.open(file_of(shot, width, scheme)).convert("RGB")
        image = image.crop((0, 0, width, min(image.height, round(WIDTHS[width] * 1.1))))
        image.quantize(COLORS).save(PROJECT / "docs/images" / name, optimize=True)

    kept = [(PROJECT / "docs/images" / name).stat().st_size for name in SHOWN]
    assert sum(kept) < 2_000_000
