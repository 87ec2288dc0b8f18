"""One reading of words for texts and for what people type: folded, shortened to a stem, in order.

Both databases store and compare these stems and know nothing of language, so that they find the same.
"""

import re
import unicodedata
from functools import lru_cache

# Raise this when the same text would give other stems, so that the index is written afresh.
RULES = 1

WORD = re.compile(r"[^\W_]+(?:['’ʼ][^\W_]+)*")
# Ten thousand words of this length stay below the 1 MB of a tsvector in any script.
LONGEST = 24

PLURAL = re.compile(r"(?<=[^aeiou])ies$|(?<=ch|sh)es$|(?<=[sxz])es$|(?<![suioa])s$")
ENDING = re.compile(r"(?:iness|ness|ful|ingly|ing|(?<!e)ed|ly)$")
LAST_VOWEL = re.compile(r"[eiy]$")
DOUBLE = re.compile(r"([^aeiou\d])\1$")
VOWEL = re.compile("[aeiouy]")
SHORTEST_STEM = 3

# Forms that endings do not bring together, and the other side's spelling.
IRREGULAR = {
    "feet": "foot",
    "teeth": "tooth",
    "men": "man",
    "women": "woman",
    "children": "child",
    "ran": "run",
    "disk": "disc",
    "disks": "disc",
    "centre": "center",
    "oedema": "edema",
    "haematoma": "hematoma",
    "orthopaedic": "orthopedic",
    "anaesthetic": "anesthetic",
    "tumour": "tumor",
    "practise": "practice",
    "licence": "license",
    "programme": "program",
    "behaviour": "behavior",
}
STOP_WORDS = frozenset(
    """
    a about after all also am an and any are as at be because been before being but by can could did do does
    doing dont down for from get go had has have having he help her here him his how i if in into is it its
    ive just like me more most my myself near no not of off on one or our out over please s she should so
    some than that the their them then there these they this those to too under up us very was we were what
    when where which while who why will with would you your yours
    """.split()
)


def stems(text):
    """Return the stems of all words in their order."""
    return list(filter(None, (stem(match[0]) for match in WORD.finditer(text))))


def fold(word):
    """Return a word without case, accents and apostrophes: letters and digits alone.

    Nothing is left of a few signs that Unicode counts as letters, such as Arabic vowels that stand alone.
    """
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", word).casefold())
    return "".join(character for character in plain if character.isalnum())[:LONGEST]


@lru_cache(maxsize=50_000)
def stem(word):
    """Return what the forms of a word have in common: stretch for stretches, Stretching and stretched."""
    word = fold(word)
    word = IRREGULAR.get(word, word)
    if not word.isascii() or word.isdigit():
        return word
    for pattern in (PLURAL, ENDING, LAST_VOWEL, DOUBLE):
        shorter = pattern.sub(r"\1" if pattern is DOUBLE else "", word)
        if len(shorter) >= SHORTEST_STEM and VOWEL.search(shorter):
            word = shorter
    return word
