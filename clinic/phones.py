"""Phone numbers as people type them: kept as typed, with a comparable copy beside it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import phonenumbers

# Letters that stand before an extension; any other letter means that no number was typed.
EXTENSION = re.compile(r"[\s,;]*(?:ext(?:ension|n)?|x|#)[\s.:]*\d{1,7}\s*$", re.IGNORECASE)
LONGEST_TYPED = 40
DIGITS_WITHOUT_REGION = range(6, 16)


@dataclass(frozen=True)
class Phone:
    """A number in E.164 without its extension (empty if its country is unknown)."""

    e164: str
    is_possible: bool


def parse(typed: str, country: str) -> Phone | None:
    """Read a typed number, or return None if it is none.

    The length alone is checked: numbering plans change, and whoever typed it knows the number.
    A number without its area code is not possible, since nobody could call it from elsewhere.
    """
    if len(typed) > LONGEST_TYPED or any(letter.isalpha() for letter in EXTENSION.sub("", typed)):
        return None
    region = country if country in phonenumbers.SUPPORTED_REGIONS else None
    try:
        number = phonenumbers.parse(typed, region)
    except phonenumbers.NumberParseException:
        return _without_region(typed) if region is None else None
    reason = phonenumbers.is_possible_number_with_reason(number)
    return Phone(
        e164=phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164),
        is_possible=reason == phonenumbers.ValidationResult.IS_POSSIBLE,
    )


def _without_region(typed: str) -> Phone | None:
    """Judge a national number in a setting of several countries ("EU") by its number of digits."""
    digits = sum(character.isdigit() for character in EXTENSION.sub("", typed))
    return Phone(e164="", is_possible=digits in DIGITS_WITHOUT_REGION) if digits else None


def can_be_dialled(typed: str, country: str) -> bool:
    """Tell whether this is a number that somebody in this country could call."""
    phone = parse(typed, country)
    return phone is not None and phone.is_possible


def found_in(text: str, country: str) -> Iterator[tuple[str, str]]:
    """Yield (as typed, in E.164) each number in a text that somebody in this country could call."""
    region = country if country in phonenumbers.SUPPORTED_REGIONS else None
    leniency = phonenumbers.Leniency.POSSIBLE
    for match in phonenumbers.PhoneNumberMatcher(text, region, leniency=leniency):
        if (phone := parse(match.raw_string, country)) and phone.is_possible:
            yield match.raw_string, phone.e164


def href(typed: str, country: str) -> str:
    """Return the link that dials a number, empty without one."""
    phone = parse(typed, country)
    return f"tel:{phone.e164 or re.sub(r'[^0-9+]', '', typed)}" if phone else ""
