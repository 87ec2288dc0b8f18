"""The switch for upgrades: one friendly page, no database, and no patient's answer lost."""

import stat

import pytest
from django.db import connection
from django.test import Client

from appointments.models import AppointmentRequest
from clinic import facts
from clinic.models import Clinic
from clinic.site import stand_in
from tests import builders
from tests.journey import answers, form_on, post, submit


@pytest.fixture
def place(db):
    place = builders.location("Northside")
    Clinic.objects.create(name="Harbor Physical Therapy", phone="773 555 0100")
    facts.publish()
    return place


@pytest.fixture
def switch(settings):
    """The file that a person makes for an upgrade, and takes away."""
    return settings.MAINTENANCE_FILE


@pytest.mark.parametrize("path", ["/", "/articles/", "/admin/", "/nowhere/", "/appointments/"])
def test_every_page_says_that_we_are_back_soon_and_asks_no_database(
    client, place, switch, path, django_assert_num_queries
):
    client.force_login(builders.user("Manager"))
    switch.write_text("Back at 7 pm.\nThe second line is for colleagues.\n")

    with django_assert_num_queries(0):
        response = client.get(path)

    page = response.content.decode()
    assert (response.status_code, response["Retry-After"], response["Cache-Control"]) == (
        503,
        "300",
        "no-store",
    )
    assert page.count("<h1>We will be back soon</h1>") == 1
    assert page.count("<strong>Back at 7 pm.</strong>") == 1
    assert page.count("colleagues") == 0
    assert page.count(">773 555 0100</a>") == 1
    assert page.count("call <strong>911</strong>") == 1
    assert list(response.cookies) == []


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        (b"", 0),
        (b"\n", 0),
        (b"<b>7 pm</b>", 1),
        (b"\xff\xfe 7 pm", 1),
        (b"7 pm " + b"x" * 100_000, 1),
    ],
    ids=["empty", "blank", "markup", "no text", "long"],
)
def test_whatever_the_file_holds_is_shown_as_plain_and_short_text(client, switch, written, shown):
    switch.write_bytes(written)

    page = client.get("/").content.decode()

    assert page.count('<p class="lead"><strong>') == shown
    assert page.count("<b>") == 0
    assert len(page) < 4_000


def test_what_the_page_needs_and_the_sign_of_life_stay_open(client, db, switch):
    switch.touch()

    statuses = {path: client.get(path).status_code for path in ("/livez", "/look/190.css", "/media/none.png")}

    assert statuses == {"/livez": 200, "/look/190.css": 200, "/media/none.png": 404}


def test_monitors_are_told_that_it_is_maintenance(client, switch):
    switch.touch()

    response = client.get("/readyz")

    assert (response.status_code, response["Cache-Control"]) == (503, "no-store")
    assert response.json() == {"status": "failing", "reasons": ["maintenance"]}


@pytest.mark.parametrize(
    ("step", "ending", "status", "stored"),
    [("request_form", "/request/", 200, 0), ("request_send", "/send/", 303, 1)],
    ids=["to the check page", "to us"],
)
def test_a_patient_who_sends_during_an_upgrade_keeps_every_answer_and_sends_it_after(
    place, switch, step, ending, status, stored
):
    patient = Client(enforce_csrf_checks=True)
    fields = answers(notes="Mornings\n<b>only</b>", suits=["mon", "late"])
    switch.write_text("Back at 7 pm.")
    queries = len(connection.queries_log)

    held = post(patient, step, fields)

    kept = form_on(held, ending).fields
    assert (held.status_code, held["Retry-After"]) == (503, "300")
    assert len(connection.queries_log) == queries
    assert "Your answers are not saved with us yet." in held.content.decode()
    assert "Back at 7 pm." in held.content.decode()
    assert [value for name, value in kept if name == "suits"] == ["mon", "late"]
    assert dict(kept) | {"suits": ["mon", "late"]} == dict(kept) | fields

    switch.unlink()
    again = submit(patient, held, ending)

    assert (again.status_code, AppointmentRequest.objects.count()) == (status, stored)


def test_whoever_sends_something_else_is_told_that_it_was_not_saved(client, switch):
    switch.touch()

    page = client.post("/admin/login/", {"login": "a", "password": "b"}).content.decode()

    assert page.count("What you sent was not saved.") == 1
    assert client.get("/").content.decode().count("not saved") == 0


def test_without_the_file_the_site_is_open(client, place):
    assert client.get("/appointments/").status_code == 200


def test_the_pages_for_the_proxy_are_whole_and_its_own_to_read(place, settings, tmp_path):
    settings.STAND_IN_FOLDER = tmp_path / "pages"
    settings.STAND_IN_FOLDER.mkdir()

    stand_in.write()

    written = {path.name: path for path in settings.STAND_IN_FOLDER.iterdir()}
    assert sorted(written) == ["413.html", "503.html"]
    assert ["773 555 0100" in page.read_text() for page in written.values()] == [True, True]
    assert {stat.S_IMODE(page.stat().st_mode) for page in written.values()} == {0o640}


def test_a_page_for_the_proxy_that_cannot_be_written_leaves_no_draft(place, settings, tmp_path):
    settings.STAND_IN_FOLDER = tmp_path / "pages"
    in_the_way = settings.STAND_IN_FOLDER / "413.html"
    in_the_way.mkdir(parents=True)

    with pytest.raises(IsADirectoryError):
        stand_in.write()

    assert list(settings.STAND_IN_FOLDER.iterdir()) == [in_the_way]
