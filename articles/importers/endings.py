"""What clinics put under their articles: an appeal to make an appointment, and a biography.

Both are recognised by several signs at once, since a paragraph lost to a wrong guess is worse than
one that an editor moves by hand.
"""

import re
from itertools import takewhile

from articles.importers.parsed import Biography

LONGEST_APPEAL = 200
VISIT = r"(?:appointment|visit|consultation|consult|evaluation|assessment|session|screening)\b"
ARRANGE = rf"(?:schedule|book|reserve|request|set up|arrange|ask for) (?:\S+ ){{0,4}}?{VISIT}"
MAKE = r"make (?:an?|your|that) (?:\S+ ){0,2}?appointment\b"
BOOK = r"(?:schedule|book|reserve) (?:\S+ ){0,2}?(?:now|today|online)\b"
US = r"(?:us|our (?:clinic|office|team|front desk|staff)|the clinic|today|now)\b"
REACH = rf"(?:call|contact|phone|e-?mail|message|give|reach out to|get in touch with) {US}"
# An order at the beginning of a sentence or behind a comma: "If it hurts, book a visit."
APPEAL = re.compile(
    r"(?:^|[,;:–—] )(?:(?:so|then|and|or|please|don['’]t wait[,:]?) )*"
    rf"(?:{ARRANGE}|{MAKE}|{BOOK}|{REACH})",
    re.IGNORECASE,
)
# Whatever names these is safety text and stays where readers look for it.
SAFETY = re.compile(r"\b(?:911|999|112|988|emergency|ambulance)\b", re.IGNORECASE)
SENTENCE_END = re.compile(r"(?<=[.!?])\s+")

ABOUT = r"(?:about|meet) (?:the|your|our) (?:author|therapist|writer)|author bio.*|biography|about {name}.*"
# A person has these done; anything can have the words after them.
DONE_BY_PEOPLE = set("graduated received earned joined studied completed attended".split())
SAID_OF_ANYTHING = set(
    "a an our is was has had holds works treats trained obtained began became grew".split()
)
EDUCATION = re.compile(
    r"\b(?:graduated?|degree|university|college|bachelor\S*|master['’]?s|doctora\w+|doctor of|residency"
    r"|fellowship|certified|certification|licensed|physical therapist|physiotherapist|DPT)\b",
    re.IGNORECASE,
)
PRONOUN = re.compile(r"\b(?:she|he|her|his|hers)\b", re.IGNORECASE)
NAME_WORD = re.compile(r"[^\W\d_]+(?:['’.-][^\W\d_]+)*\.?")
# Forms of address and the letters of degrees.
TITLE = re.compile(r"(?:Dr|Mr|Mrs|Ms|Prof)\.?|[A-Z]{2,6}|MSc|BSc|PhD|EdD")
MOST_NAMES = 4


def split_appeal(paragraph: str) -> tuple[str, str]:
    """Split a closing paragraph into what it tells and its appeal; either may be empty.

    A short paragraph goes over as a whole, of a longer one only its last sentences.
    """
    sentences = SENTENCE_END.split(paragraph)
    first = next((index for index, sentence in enumerate(sentences) if APPEAL.search(sentence)), None)
    if first is None or SAFETY.search(paragraph):
        return paragraph, ""
    if len(paragraph) <= LONGEST_APPEAL:
        return "", paragraph
    told, appeal = " ".join(sentences[:first]), " ".join(sentences[first:])
    return (told, appeal) if len(appeal) <= LONGEST_APPEAL else (paragraph, "")


def biography(paragraph: str, rest: str) -> Biography | None:
    """Read a paragraph as a biography: a name, what they did, a qualification, and a sign of a person.

    `rest` is the other text of the article: a "name" that it writes in lower case is a word.
    """
    words = paragraph.split()
    leading = list(takewhile(_begins_like_a_name, words))
    names = [word.rstrip(",") for word in leading if not TITLE.fullmatch(word.rstrip(","))]
    verb = words[len(leading)] if len(leading) < len(words) else ""
    if not 1 <= len(names) <= MOST_NAMES or verb not in DONE_BY_PEOPLE | SAID_OF_ANYTHING:
        return None
    name, has_title = " ".join(names), len(names) < len(leading)
    is_a_word = re.search(rf"\b{re.escape(name.lower())}\b", rest)
    is_person = verb in DONE_BY_PEOPLE or has_title or PRONOUN.search(paragraph)
    return Biography(name, paragraph) if is_person and not is_a_word and EDUCATION.search(paragraph) else None


def introduces_biography(line: str, name: str) -> bool:
    """Tell whether a line is the heading of a biography, such as "About the author"."""
    given_name = re.escape(name.split()[0])
    return bool(re.fullmatch(ABOUT.format(name=given_name), line.rstrip(":"), re.IGNORECASE))


def continues_biography(paragraph: str, name: str) -> bool:
    """Tell whether a paragraph goes on about the person of this name."""
    return bool(re.match(rf"(?:{re.escape(name.split()[0])}|She|He|Her|His|In (?:her|his))\b", paragraph))


def _begins_like_a_name(word: str) -> bool:
    return word[0].isupper() and NAME_WORD.fullmatch(word.rstrip(",")) is not None
