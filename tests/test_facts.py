"""What every page shows is one query when the database is there, and still there when it is not."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, time
from threading import Event
from time import sleep

import pytest
from django.db import connection, transaction
from django.utils import timezone

from clinic import facts
from clinic.management.commands import worker
from clinic.models import Clinic, Closure, Location, Page, PageRevision
from tests import builders


@pytest.mark.django_db
def test_the_stored_facts_are_one_query(django_assert_num_queries):
    builders.location()
    builders.location()
    facts.publish()

    with django_assert_num_queries(1):
        stored = facts.load()

    assert len(stored["locations"]) == 2


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("of_the_clinic", "shown"), [("773 555 0100", "773 555 0100"), ("", "773 555 0111")], ids=["own", "none"]
)
def test_a_clinic_without_a_phone_of_its_own_is_called_at_its_first_location(of_the_clinic, shown):
    builders.location(phone="773 555 0111")
    builders.location(phone="773 555 0112")
    Clinic.objects.update_or_create(pk=1, defaults={"phone": of_the_clinic})

    facts.publish()

    assert facts.load()["phone"] == shown


@pytest.mark.django_db(transaction=True)
def test_of_two_changes_at_once_both_are_published():
    places = [builders.location(), builders.location()]
    facts.publish()

    def rename(place):
        try:
            with transaction.atomic():
                Location.objects.filter(pk=place.pk).update(name=f"New {place.name}")
                # Long enough for the other to have written as well, where the database lets it.
                sleep(0.2)
                facts.publish()
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(rename, places))

    names = [location["name"] for location in facts.load()["locations"]]
    assert names == [f"New {place.name}" for place in places]


@pytest.mark.django_db
def test_stored_hours_and_closures_make_the_same_schedule_as_the_rows():
    place = builders.location()
    Closure.objects.create(
        location=place,
        first_day=date(2026, 11, 26),
        last_day=date(2026, 11, 27),
        from_time=time(12),
        reason="Thanksgiving",
    )
    Closure.objects.create(first_day=date(2026, 12, 25), last_day=date(2026, 12, 25), reason="Christmas")
    facts.publish()

    (stored,) = facts.load()["locations"]

    assert facts.schedule_of(stored) == place.schedule()


@pytest.mark.django_db
def test_a_worker_brings_facts_of_an_earlier_release_up_to_date():
    builders.location("Northside")
    Clinic.objects.create(snapshot={"name": "Harbor", "locations": [{"name": "Northside"}]})

    worker.renew_facts(timezone.now(), Event())

    assert facts.load() == facts.fallback()
    assert facts.load()["locations"][0]["time_zone"] == "America/Chicago"


@pytest.mark.django_db
def test_a_fresh_site_has_facts_too():
    assert facts.load()["locations"] == []
    assert facts.load()["name"] == "Physical therapy clinic"


@pytest.mark.django_db
def test_only_pages_with_a_live_text_are_in_the_menus():
    page = Page.objects.create(slug="about", menu=Page.Menu.MAIN)
    Page.objects.create(slug="unfinished", menu=Page.Menu.MAIN)
    page.live = PageRevision.objects.create(page=page, number=1, title="About us")
    page.save()

    facts.publish()

    assert facts.load()["menu"] == [{"title": "About us", "slug": "about"}]


@pytest.mark.django_db
def test_the_file_holds_what_the_row_holds():
    Clinic.objects.create(phone="(555) 010-0140")
    facts.publish()

    assert facts.fallback() == facts.load()
    assert facts.fallback()["phone"] == "(555) 010-0140"


def test_a_file_that_cannot_be_written_is_no_error_and_leaves_no_draft(tmp_path, settings, caplog):
    settings.FACTS_FILE.mkdir()

    facts.write_fallback({"name": "Harbor"})

    assert list(tmp_path.iterdir()) == [settings.FACTS_FILE]
    assert "facts.file_not_written" in caplog.text


def test_without_a_file_there_are_no_facts_and_no_error(tmp_path, settings):
    settings.FACTS_FILE = tmp_path / "missing.json"

    assert facts.fallback() == {}


def test_a_half_written_file_is_no_error(tmp_path, settings):
    settings.FACTS_FILE = tmp_path / "facts.json"
    settings.FACTS_FILE.write_text('{"name": "Harb')

    assert facts.fallback() == {}
