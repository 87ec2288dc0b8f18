import pytest

from clinic.phones import Phone, can_be_dialled, href, parse


@pytest.mark.parametrize(
    "typed, country, e164",
    [
        ("(555) 010-0199 ext 4", "US", "+15550100199"),
        ("555.010.0199", "US", "+15550100199"),
        ("555 010 0199 x12", "US", "+15550100199"),
        ("555-010-0199 extension 7", "US", "+15550100199"),
        ("1-555-010-0199", "US", "+15550100199"),
        ("+44 7700 900982", "US", "+447700900982"),
        ("００４４ ７７００ ９００９８２", "DE", "+447700900982"),
        ("（５５５）０１０－０１９９", "US", "+15550100199"),
        ("07700 900982", "GB", "+447700900982"),
        ("+44 7700 900982", "EU", "+447700900982"),
        ("030 23125 014", "DE", "+493023125014"),
        ("٥٥٥٠١٠٠١٩٩", "US", "+15550100199"),
    ],
)
def test_R29_a_number_is_accepted_however_it_is_typed(typed, country, e164):
    assert parse(typed, country) == Phone(e164=e164, is_possible=True)


@pytest.mark.parametrize(
    "typed", ["call me", "call me at 555 010 0199", "", "   ", "-", "1" * 41, "0199 / ask for Ana"]
)
def test_R30_what_is_no_number_is_refused(typed):
    assert parse(typed, "US") is None
    assert parse(typed, "EU") is None


@pytest.mark.parametrize("typed", ["911", "123", "010-0199", "555 010 01999"])
def test_R30_a_number_of_the_wrong_length_is_not_possible(typed):
    assert parse(typed, "US").is_possible is False


def test_R30_forty_digits_are_refused():
    assert parse("5" * 40, "US") is None
    assert parse("5" * 40, "EU") == Phone(e164="", is_possible=False)


def test_a_national_number_is_accepted_where_the_setting_covers_several_countries():
    assert parse("030 23125 014", "EU") == Phone(e164="", is_possible=True)
    assert parse("112", "EU") == Phone(e164="", is_possible=False)


@pytest.mark.parametrize("typed, expected", [("555 010 0199", True), ("010-0199", False), ("call me", False)])
def test_a_number_can_be_dialled_if_it_is_one_and_complete(typed, expected):
    assert can_be_dialled(typed, "US") is expected


@pytest.mark.parametrize(
    "typed, country, link",
    [
        ("(555) 010-0199 ext 4", "US", "tel:+15550100199"),
        ("030 23125 014", "EU", "tel:03023125014"),
        ("call me", "US", ""),
    ],
)
def test_the_link_that_dials_a_number(typed, country, link):
    assert href(typed, country) == link
