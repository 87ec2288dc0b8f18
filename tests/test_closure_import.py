"""The holidays of a year from a spreadsheet: checked first, then all of them, or none."""

from datetime import date, time

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from clinic import facts
from clinic.models import AuditEvent, Closure
from tests import builders

pytestmark = pytest.mark.django_db

HEADING = "first day;last day;from;until;location;reason\n"
CHRISTMAS = "2026-12-24;2026-12-25;;;;Holidays\n"


@pytest.fixture
def northside():
    return builders.location("Northside")


@pytest.fixture
def manager(client):
    client.force_login(builders.user("Manager"))


def send(client, text, **more):
    return client.post(reverse("admin:clinic_closure_import"), {"text": text, **more})


def errors(response):
    return [error for messages in response.context["form"].errors.values() for error in messages]


def stored():
    names = ("first_day", "last_day", "from_time", "until_time", "location__name", "reason")
    return list(Closure.objects.values_list(*names))


def test_a_list_is_shown_in_words_before_anything_is_stored(client, manager):
    response = send(client, HEADING + CHRISTMAS)

    assert "Thursday 24 December 2026 – Friday 25 December 2026" in response.text
    assert stored() == []


def test_a_confirmed_list_closes_and_is_published_and_noted(client, manager, northside):
    eve = "12/31/2026;;13:00;;Northside;New Year’s Eve\n"

    send(client, HEADING + CHRISTMAS + eve, apply="1")

    assert stored() == [
        (date(2026, 12, 24), date(2026, 12, 25), None, None, None, "Holidays"),
        (date(2026, 12, 31), date(2026, 12, 31), time(13), None, "Northside", "New Year’s Eve"),
    ]
    assert len(facts.load()["locations"][0]["closures"]) == 2
    [noted] = AuditEvent.objects.filter(action="setting.imported")
    assert (noted.subject, noted.count) == ("closures", 2)


@pytest.mark.parametrize(
    "text",
    [
        "Reason,Location,Until,From,Last day,First day\nHolidays,,,,2026-12-25,2026-12-24\n",
        "first day\tlast day\tfrom\tuntil\tlocation\treason\n2026-12-24\t2026-12-25\t\t\t\tHolidays",
        HEADING.replace("\n", "\r\n") + "\r\n" + CHRISTMAS.replace("\n", "\r\n") + ";;;;;\r\n",
        HEADING + CHRISTMAS + CHRISTMAS,
        HEADING + '12/24/2026;12/25/2026;;;;"Holidays"\n',
        "reason,first day,last day\nHolidays,2026-12-24,2026-12-25\n",
    ],
)
def test_s10_a_list_may_be_written_in_several_ways(client, manager, text):
    send(client, text, apply="1")

    assert stored() == [(date(2026, 12, 24), date(2026, 12, 25), None, None, None, "Holidays")]


@pytest.mark.parametrize("days", ["24.12.2026;25.12.2026", "24/12/2026;25/12/2026", "2026-12-24;25.12.2026"])
def test_s10_outside_the_us_the_day_comes_first(client, manager, settings, days):
    heading = "first day;last day;reason\n"
    in_the_us = errors(send(client, f"{heading}{days};Holidays\n"))
    settings.COUNTRY = "GB"

    us_order = errors(send(client, f"{heading}12/24/2026;;Holidays\n"))
    send(client, f"{heading}{days};Holidays\n", apply="1")

    assert {error.partition(": ")[0] for error in in_the_us} == {"Line 2"}
    assert us_order == ["Line 2: first day: Write the day like 2026-12-24."]
    assert stored() == [(date(2026, 12, 24), date(2026, 12, 25), None, None, None, "Holidays")]


def test_what_is_wrong_is_said_once(client, manager):
    response = send(client, HEADING + "2026-02-30;;;;;Holidays\n")

    assert response.text.count("Write the day like 2026-12-24.") == 1


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("2026-02-30;;;;;Holidays", "first day: Write the day like 2026-12-24."),
        ("2026-12-24;tomorrow;;;;Holidays", "last day: Write the day like 2026-12-24."),
        (";;;;;Holidays", "first day: Fill in the day."),
        ("2026-12-25;2026-12-24;;;;Holidays", "The last day can't be before the first day."),
        ("2026-12-24;;25:00;;;Holidays", "from: Write the time like 13:30."),
        ("2026-12-24;;14:00;13:00;;Holidays", "The closure must end later than it begins."),
        ("2026-12-24;;;;;", "reason: Tell patients why."),
        ("2026-12-24;;;;Eastside;Holidays", "location: None of your locations has this name."),
        (
            "2026-12-24;;;;;Holidays;and more",
            "There are more cells than headings. Put quotes around text with commas.",
        ),
    ],
)
def test_s10_one_wrong_line_is_named_and_nothing_is_stored(client, manager, line, said):
    response = send(client, f"{HEADING}{CHRISTMAS}\n{line}\n", apply="1")

    assert errors(response) == [f"Line 4: {said}"]
    assert stored() == []


HEADINGS_ARE = (
    "The first line must hold these headings: first day, last day, reason. "
    "It may hold these: from, until, location."
)
LINES_ARE = "Give between 1 and 500 lines below the headings."


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", HEADINGS_ARE),
        (CHRISTMAS, HEADINGS_ARE),
        ("first day,last day\n2026-12-24,\n", HEADINGS_ARE),
        ("first day,last day,reason,reason\n2026-12-24,,a,b\n", HEADINGS_ARE),
        ("first day,last day,reason,note\n2026-12-24,,a,b\n", HEADINGS_ARE),
        (HEADING, LINES_ARE),
        (HEADING + CHRISTMAS * 501, LINES_ARE),
    ],
)
def test_s10_a_text_that_is_no_list_is_refused(client, manager, text, said):
    response = send(client, text, apply="1")

    assert errors(response) == [said]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (HEADING.encode() + b"2026-12-24;;;;;F\xeate\n", "Save the file as “CSV UTF-8” and choose it again."),
        (b" " * 102_401, "The file must be 100 KB or smaller."),
        (b"", "This file is empty."),
        (b"PK\x03\x04", HEADINGS_ARE),
    ],
)
def test_s10_a_file_that_is_no_list_is_refused(client, manager, content, said):
    file = SimpleUploadedFile("closures.csv", content)

    response = send(client, "", file=file, apply="1")

    assert errors(response) == [said]


def test_a_file_is_checked_and_its_lines_go_on_with_the_page(client, manager):
    file = SimpleUploadedFile("closures.csv", ("\ufeff" + HEADING + CHRISTMAS).encode())

    response = send(client, "", file=file)
    send(client, response.context["form"].content, apply="1")

    assert Closure.objects.count() == 1


def test_the_same_list_twice_closes_once(client, manager):
    send(client, HEADING + CHRISTMAS, apply="1")

    response = send(client, HEADING + CHRISTMAS)
    send(client, HEADING + CHRISTMAS, apply="1")

    assert "All of these are there already." in response.text
    assert Closure.objects.count() == 1


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("", "Line 2: location: Name one of your locations."),
        ("Mill Road", "Line 2: location: None of your locations has this name."),
    ],
)
def test_t2_the_front_desk_closes_its_own_places_only(client, northside, place, said):
    builders.location("Mill Road")
    client.force_login(builders.user("Front desk", locations=[northside]))

    refused = send(client, f"{HEADING}2026-12-24;;;;{place};Snow\n", apply="1")
    send(client, f"{HEADING}2026-12-24;;;;Northside;Snow\n", apply="1")

    assert errors(refused) == [said]
    assert [closure.location for closure in Closure.objects.all()] == [northside]


def test_the_sample_can_be_imported_as_it_is(client, manager):
    sample = client.get(reverse("admin:clinic_closure_import"), {"sample": "1"})

    send(client, b"".join(sample.streaming_content).decode("utf-8-sig"), apply="1")

    assert Closure.objects.count() == 2


def test_the_list_of_closures_leads_to_the_import(client, manager):
    response = client.get(reverse("admin:clinic_closure_changelist"))

    assert f'href="{reverse("admin:clinic_closure_import")}"' in response.text
