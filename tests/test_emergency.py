import pytest
from django.utils import translation

from clinic.emergency import LEVELS, for_country


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


@pytest.mark.parametrize(
    "country, number, crisis_line",
    [
        ("US", "911", "988"),
        ("GB", "999", "116 123"),
        ("EU", "112", "112"),
        ("DE", "112", "112"),
        ("IE", "112", "112"),
    ],
)
def test_each_country_has_its_numbers(country, number, crisis_line):
    line = for_country(country)

    assert (line.number, line.crisis_line) == (number, crisis_line)


@pytest.mark.parametrize("country", ["US", "GB", "EU"])
def test_a_heading_is_the_action_and_if(country):
    line = for_country(country)

    assert [str(line.heading(level)) for level in LEVELS] == [
        f"{line.actions[level]} if:" for level in LEVELS
    ]


@pytest.mark.parametrize("country", ["US", "GB", "EU"])
def test_the_words_name_the_number_that_the_link_dials(country):
    line = for_country(country)

    assert str(line.action).split()[:2] == ["Call", line.number]
    assert line.tel == f"tel:{line.number}"


def test_the_three_headings_of_the_united_states():
    assert [str(for_country("US").heading(level)) for level in LEVELS] == [
        "Call 911 or go to the emergency room now if:",
        "Call your doctor today if:",
        "Ask for an appointment if:",
    ]


def test_an_urgent_question_in_the_united_kingdom_goes_to_the_nhs():
    assert str(for_country("GB").urgent_action) == "Call NHS 111 today"


@pytest.mark.parametrize(
    "country, action",
    [
        ("US", "Call your doctor’s after-hours line or go to urgent care"),
        ("GB", "Call NHS 111"),
        ("IE", "Call your doctor’s after-hours line"),
    ],
)
def test_after_hours_an_urgent_question_has_somebody_to_call(country, action):
    assert str(for_country(country).after_hours_action) == action


def test_a_dial_link_has_no_spaces():
    assert for_country("GB").crisis_tel == "tel:116123"
