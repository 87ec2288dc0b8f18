"""The keys by which a caller is found: names, phone numbers from their end, e-mail addresses.

Each is looked up by its beginning, so that an index answers however many requests there are. A name has
a key from each of its parts on: Juan de la Cruz has juandelacruz, delacruz, lacruz and cruz, so it does
not matter into how many words somebody splits it, nor which of them comes first.
"""

import re
import unicodedata

from django.conf import settings

from clinic import phones

NAME, PHONE, EMAIL = "n ", "p ", "e "
# Whatever is longer is cut, on both sides.
LONGEST = 100
# Fewer digits would find half of the list.
FEWEST_DIGITS = 4
# So many parts of a name tell people apart; more would only make the question long.
MOST_PARTS = 5

# As people write them where a keyboard lacks them.
WRITTEN_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa"})
# Letters that Unicode does not take apart, and those that Arabic and Persian keyboards type differently.
PLAIN = str.maketrans("øłđðħıکیى", "olddhiكيي") | str.maketrans({"æ": "ae", "œ": "oe", "þ": "th", "ـ": ""})
# Chinese, Japanese and Korean have no blanks between the parts of a name: each sign begins one.
SIGNS = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003ffff"
PART = re.compile(rf"(?![_・])[{SIGNS}]|[^\W_{SIGNS}]+")


def of(request):
    """Return the keys under which a request is found."""
    keys = {
        NAME + "".join(parts[start:])
        for name in (request.full_name, request.patient_name)
        for parts in _spellings(name)
        for start in range(len(parts))
    }
    if number := request.phone_e164 or phones.EXTENSION.sub("", request.phone):
        keys.add(PHONE + from_the_end(number))
    if request.email:
        keys.add(EMAIL + _plain(request.email))
    return {key[:LONGEST] for key in keys}


def wanted(typed):
    """Return what somebody typed as sets of beginnings; of each set a request must have one key."""
    if "@" in typed:
        return [{_cut(EMAIL + _plain(typed.strip()))}]
    if digits := _digits(typed):
        return [{PHONE + digits}]
    plain = _plain(typed.strip())
    email = {_cut(EMAIL + plain)} if plain and " " not in plain else set()
    return [{_cut(NAME + name) for name in names} | email for names in _names(typed)]


def from_the_end(number):
    """Return the digits of a number, last one first: people know how a number ends."""
    return "".join(str(unicodedata.decimal(sign)) for sign in reversed(number) if sign.isdecimal())


def _digits(typed):
    """Return the digits of a whole or partial number from its end, or nothing if there are too few."""
    bare = phones.EXTENSION.sub("", typed)
    digits = from_the_end(bare)
    if len(digits) < FEWEST_DIGITS:
        return ""
    parsed = phones.parse(typed, settings.COUNTRY)
    is_whole = parsed is not None and parsed.is_possible and parsed.e164
    return from_the_end(parsed.e164) if is_whole else digits


def _names(typed):
    """Yield for each part of a typed name how a key may begin: with it, or with it and those before it.

    An initial is left out beside longer parts: nearly every name has one with that letter.
    """
    spellings = [parts[:MOST_PARTS] for parts in _spellings(typed)]
    longest = max(map(len, spellings[0]), default=0)
    for end, part in enumerate(spellings[0]):
        if len(part) > 1 or longest == 1:
            yield {"".join(parts[start : end + 1]) for parts in spellings for start in range(end + 1)}


def _spellings(name):
    """Return the parts of a name ("O’Leary-Núñez": o, leary, nunez), also with Müller as mueller."""
    plain = _plain(name)
    return [PART.findall(_bare(spelling)) for spelling in {plain, plain.translate(WRITTEN_OUT)}]


def _plain(text):
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


def _bare(text):
    """Drop accents and other marks."""
    letters = unicodedata.normalize("NFKD", text.translate(PLAIN))
    return unicodedata.normalize("NFC", "".join(sign for sign in letters if not _is_mark(sign)))


def _is_mark(sign):
    return unicodedata.category(sign).startswith("M")


def _cut(beginning):
    return beginning[:LONGEST]
