"""What every page shows is one query when the database is there, and still there when it is not."""

from datetime import date, time

import pytest

from clinic import facts
from clinic.models import Clinic, Closure, Page, PageRevision
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


def test_without_a_file_there_are_no_facts_and_no_error(tmp_path, settings):
    settings.FACTS_FILE = tmp_path / "missing.json"

    assert facts.fallback() == {}


def test_a_half_written_file_is_no_error(tmp_path, settings):
    settings.FACTS_FILE = tmp_path / "facts.json"
    settings.FACTS_FILE.write_text('{"name": "Harb')

    assert facts.fallback() == {}
