"""Whom does the text tell readers to call, and does it tell of a patient?"""

import re

from django.conf import settings
from django.utils.translation import gettext as _

from articles import html
from articles.checks.draft import Finding, Level
from clinic import emergency, facts, phones

# Most lines hold no number, and looking for one takes long.
DIGITS = re.compile(r"\d{3}")
MAIL_ADDRESS = re.compile(r"[\w.+-]+@\w[\w-]*(?:\.\w[\w-]*)+")
CALLS = r"\b(?:call|dial|phone|ring)\s+(?:an ambulance\s+(?:on|at)\s+)?"
I_SAY = re.compile(r"\b(?:I|I['’]\w+|me|my|mine|myself)\b")
CARE = re.compile(
    r"\b(?:pain\w*|hurt\w*|therap\w+|clinic\w*|treat\w*|surger\w+|exercis\w+|recover\w*|heal\w*|session\w*"
    r"|appointment\w*|injur\w+|visit\w*|staff|team|back on my feet)\b",
    re.IGNORECASE,
)
A_PATIENT = re.compile(
    r"\b(?:our|my|this|former) patient\b|\bpatient['’]s (?:number|phone|e-?mail|address)\b", re.IGNORECASE
)


def check(draft):
    """Look for numbers and addresses that are not the clinic's own to give, and for patients' stories."""
    yield from _emergency_numbers(draft)
    stories = [html.words_in(quote) for quote in draft.elements("blockquote")]
    stories = [story for story in stories if I_SAY.search(story) and CARE.search(story)]
    if not draft.text.permission_on_file:
        for story in stories:
            message = _(
                "This quote tells a patient’s story. Note where their permission is kept, or remove it."
            )
            yield Finding("testimonial", draft.strict, "permission_on_file", message, story.split("\n")[0])
    yield from _contacts(draft, stories)


def _contacts(draft, stories):
    told = {line for story in stories for line in story.split("\n")}
    for said, line in _foreign_contacts(draft):
        is_of_a_patient = line in told or A_PATIENT.search(line)
        if is_of_a_patient and not draft.text.permission_on_file:
            message = _(
                "“%(contact)s” seems to be a patient’s. Note where their permission is kept, or remove it."
            )
            yield Finding("contact-patient", draft.strict, "body", message % {"contact": said}, said)
        else:
            message = _("“%(contact)s” is not the clinic’s. Check it, or remove it.")
            yield Finding("contact", Level.WARN, "body", message % {"contact": said}, said)


def _emergency_numbers(draft):
    line = emergency.for_country(settings.COUNTRY)
    own = {line.number, line.crisis_line}
    pattern = re.compile(
        rf"(?<![\d.,+-])(?<!\d\s)(?:{'|'.join(own)})(?!\s?\d|[%-]|[.,]\d)"
        # Another country's number is one only where readers are told to call it.
        rf"|{CALLS}(?:{'|'.join(emergency.NUMBERS - own)})\b",
        re.IGNORECASE,
    )
    for field, words in _places(draft):
        for said in dict.fromkeys(pattern.findall(words)):
            message = _("“%(number)s”: insert a care card instead. It always names the right number.")
            yield Finding("emergency-number", Level.WARN, field, message % {"number": said}, said)


def _places(draft):
    links = [link.attributes["href"] for link in draft.elements("a")]
    dialled = [href.partition(":")[2] for href in links if href.lower().startswith(("tel:", "mailto:"))]
    return [*draft.fields, ("body", "\n".join(dialled))]


def _foreign_contacts(draft):
    """Yield (contact, line it stands in) once for each that is not the clinic's own."""
    lines = [line for _field, words in _places(draft) for line in words.split("\n")]
    found = [(said, number, line) for line in lines for said, number in _contacts_in(line)]
    if not found:
        return
    ours = _own_contacts()
    seen = set()
    for said, contact, line in found:
        if contact not in ours | seen:
            seen.add(contact)
            yield said, line


def _contacts_in(line):
    if DIGITS.search(line):
        yield from phones.found_in(line, settings.COUNTRY)
    for match in MAIL_ADDRESS.finditer(line):
        yield match[0], match[0].lower()


def _own_contacts():
    known = facts.load()
    numbers = [known["phone"], *(location["phone"] for location in known["locations"])]
    parsed = [phones.parse(number, settings.COUNTRY) for number in numbers]
    return {known["email"].lower(), *(phone.e164 for phone in parsed if phone)}
