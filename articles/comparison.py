"""Show what differs between two texts, word by word."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

from django.utils.translation import gettext_lazy as _

from articles import html, writing
from articles.models.text import Text
from articles.tree import parse

SOURCE_PARTS = ("title", "publisher", "year", "url", "accessed", "kind")
# Words kept on each side of a change.
CONTEXT = 15
# Longer texts are shown side by side without marks: comparing takes time by the square of the length.
MOST_WORDS = 5000
NAMES = {
    **{"h2": _("Heading"), "h3": _("Smaller heading"), "h4": _("Smallest heading")},
    **{"ul": _("List with bullets"), "ol": _("Numbered list"), "blockquote": _("Quote")},
    **{"strong": _("Bold"), "em": _("Italic"), "sub": _("Subscript"), "sup": _("Superscript")},
    **{"caption": _("Caption of the table"), "th": _("Heading cell")},
}


@dataclass(frozen=True)
class Difference:
    """A part of two texts that differs, by its label, as stretches of the old and of the new words."""

    label: str
    old: list["Stretch"]
    new: list["Stretch"]


@dataclass(frozen=True)
class Stretch:
    """Words that stand in both texts, or in only one of them."""

    words: str
    is_changed: bool


def side_by_side(old: str, new: str) -> tuple[list[Stretch], list[Stretch]]:
    """Return both plain texts as stretches of words, those marked that the other one lacks."""
    old_words, new_words = (re.findall(r"\S+|\n", text) for text in (old, new))
    if max(len(old_words), len(new_words)) > MOST_WORDS:
        return [Stretch(old, old != new)], [Stretch(new, old != new)]
    left, right = [], []
    matches = SequenceMatcher(None, old_words, new_words, autojunk=False).get_opcodes()
    for kind, old_start, old_end, new_start, new_end in matches:
        _add(left, old_words[old_start:old_end], kind != "equal")
        _add(right, new_words[new_start:new_end], kind != "equal")
    return left, right


def of(old: Text, new: Text) -> list[Difference]:
    """Return the parts in which two texts of an article differ, each with its name, word by word."""
    pairs = zip(_parts(old), _parts(new), strict=True)
    found = [(label, before, after) for (label, before), (_label, after) in pairs if before != after]
    before, after = _markup(old.body), _markup(new.body)
    # Only where no word differs: those of a heading would be shown twice.
    if before != after and html.plain_text(old.body) == html.plain_text(new.body):
        found.append((_("headings, lists or emphasis"), before, after))
    return [Difference(label, *_shown(before, after)) for label, before, after in found]


def _parts(text):
    """Yield (label, plain words) of everything that a text is signed and compared by."""
    for name in writing.FIELDS:
        value = getattr(text, name)
        if name == "body":
            value = html.plain_text(value)
        elif name == "sources":
            value = "\n".join(map(_source_line, value))
        yield Text._meta.get_field(name).verbose_name, str(value or "")
    yield _("links, pictures and care cards"), _behind_the_words(text.body)
    yield Text._meta.get_field("topics").verbose_name, ", ".join(sorted(map(str, text.topics.all())))


def _behind_the_words(body):
    """Return a line for each link, picture and card, whose words can stay while what they lead to changes."""
    elements = [*parse(body).elements()]
    links = [f"{each.text()}: {each.attributes['href']}" for each in elements if each.tag == "a"]
    pictures = [
        f"#{each.attributes.get('data-picture')}: {each.attributes.get('alt', '')}"
        for each in elements
        if each.tag == "img"
    ]
    return "\n".join([*links, *pictures, *html.card_slugs(body)])


def _markup(body):
    """Return a line for each element with a meaning of its own, whose words can stay while it changes."""
    elements = (each for each in parse(body).elements() if each.tag in NAMES)
    return "\n".join(f"{NAMES[each.tag]}: {html.words_in(each)}" for each in elements)


def _source_line(source):
    # In one order: the database and the form give their own.
    return " · ".join(str(source[part]) for part in SOURCE_PARTS if source.get(part))


def _add(stretches, words, is_changed):
    if words:
        stretches.append(Stretch(" ".join(words), is_changed))


def _shown(before, after):
    return ([*_shortened(stretches)] for stretches in side_by_side(before, after))


def _shortened(stretches):
    for position, stretch in enumerate(stretches, start=1):
        words = stretch.words.split(" ")
        if stretch.is_changed or len(words) <= 2 * CONTEXT:
            yield stretch
        else:
            head = words[:CONTEXT] if position > 1 else []
            tail = words[-CONTEXT:] if position < len(stretches) else []
            gap = ("\n" if head else "") + "…" + ("\n" if tail else "")
            yield Stretch(" ".join([*head, gap, *tail]), False)
