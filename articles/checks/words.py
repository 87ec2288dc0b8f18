"""Is the text easy to read, and does it promise no more than care can hold?"""

import re

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles import glossary, reading
from articles.checks.draft import Finding, Level

# Years of school; the readers we write for left it long ago, and many hurt.
TARGET_GRADE, HIGHEST_GRADE = 6, 8
# The grade of fewer words is chance.
FEWEST_WORDS_TO_GRADE = 100
LONG_SENTENCE = 25
LONG_SENTENCES_SHOWN = 3

CLAIM = re.compile(
    r"""
    \b(?:
        (?<!no\ ) (?<!not\ a\ ) (?<!not\ ) cur(?:e[ds]?|ing)\b
        | guarante\w+ | miracle\w* | miraculous\w* | breakthrough\w* | world[- ]class\b
        | 100\s?(?:%|percent\b|per\ cent\b)
        | (?:no|without|zero)\ (?:any\ )? (?:side[- ]effects?|risks?)\b | risk[- ]free\b
        | (?:instant|permanent)\ (?:relief|results?)\b
        # “The best time to walk” promises nothing.
        | (?<!at\ ) (?<!your\ ) (?<!works\ ) best\b
          (?!\ (?:to|if|when|done|way|time|position|available|known|before|after|evidence)\b)
    )
    """,
    re.IGNORECASE | re.VERBOSE,
)


def check(draft):
    """Look at the words of a text."""
    yield from _claims(draft)
    yield from _grade(draft)
    for sentence in reading.longest_sentences(draft.words, LONG_SENTENCES_SHOWN):
        if (length := reading.length(sentence)) > LONG_SENTENCE:
            message = ngettext(
                "This sentence has %(count)d word. Split it.",
                "This sentence has %(count)d words. Split it.",
                length,
            )
            yield Finding("sentence", Level.HINT, "body", message % {"count": length}, sentence)
    yield from _jargon(draft)


def _claims(draft):
    seen = set()
    for field, words in draft.fields:
        for match in CLAIM.finditer(words):
            if match[0].lower() not in seen:
                seen.add(match[0].lower())
                message = _("“%(claim)s” promises more than care can hold. Say what the studies say.")
                yield Finding("claim", Level.WARN, field, message % {"claim": match[0]}, match[0])


def _grade(draft):
    grade = round(reading.grade(draft.words))
    if grade > TARGET_GRADE and len(draft.words.split()) >= FEWEST_WORDS_TO_GRADE:
        message = _("Reading grade %(grade)d; aim for %(target)d. Use shorter sentences and plainer words.")
        level = Level.WARN if grade > HIGHEST_GRADE else Level.HINT
        yield Finding("grade", level, "body", message % {"grade": grade, "target": TARGET_GRADE})


def _jargon(draft):
    for term in glossary.jargon("\n".join(words for _field, words in draft.fields)):
        field = next(field for field, words in draft.fields if term.said in words)
        message = _("“%(term)s”: say “%(plain)s”, or add that in brackets.")
        words = {"term": term.said, "plain": term.plain}
        yield Finding("jargon", Level.HINT, field, message % words, term.said)
