"""The keys by which a caller is found: words of names, phone numbers from their end, e-mail addresses.

Each is looked up by its beginning, so that an index answers however many requests there are.
"""

import unicodedata

from django.conf import settings

from clinic import phones

NAME, PHONE, EMAIL = "n ", "p ", "e "
# Fewer digits would find half of the list.
FEWEST_DIGITS = 4


def of(request):
    """Return the keys under which a request is found."""
    names = {NAME + word for name in (request.full_name, request.patient_name) for word in words(name)}
    number = request.phone_e164 or request.phone
    phone = {PHONE + from_the_end(number)} if number else set()
    return names | phone | ({EMAIL + request.email.casefold()} if request.email else set())


def wanted(typed):
    """Return the keys that a request must have, as beginnings, for what somebody typed."""
    if "@" in typed:
        return [EMAIL + typed.strip().casefold()]
    digits = "".join(filter(str.isdecimal, typed))
    if len(digits) >= FEWEST_DIGITS:
        parsed = phones.parse(typed, settings.COUNTRY)
        is_whole = parsed is not None and parsed.is_possible and parsed.e164
        return [PHONE + from_the_end(parsed.e164 if is_whole else typed)]
    return [NAME + word for word in words(typed)]


def words(name):
    """Return the words of a name without accents, case or signs: "O’Leary-Núñez" is oleary, nunez."""
    plain = unicodedata.normalize("NFKD", name).casefold()
    letters = (
        letter if letter.isalnum() else " " if letter.isspace() or letter in "-‐‑–" else ""
        for letter in plain
    )
    return "".join(letters).split()


def from_the_end(number):
    """Return the digits of a number, last one first: people know how a number ends."""
    return "".join(str(unicodedata.decimal(sign)) for sign in reversed(number) if sign.isdecimal())
