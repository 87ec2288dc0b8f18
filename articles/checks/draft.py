"""What checks work on and what they report."""

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from articles import html
from articles.tree import parse


class Level(StrEnum):
    """How much a finding matters, gravest first."""

    BLOCK = "block"
    WARN = "warn"
    HINT = "hint"


@dataclass(frozen=True)
class Finding:
    """Something to look at: a stable code, the field it is about, what to do, and the words in question."""

    code: str
    level: Level
    field: str
    message: str
    quote: str = ""


class Draft:
    """A revision or working copy as the checks read it, parsed once."""

    def __init__(self, text, *, kind, today):
        self.text, self.today = text, today
        self.is_health = kind == "health"
        # What keeps a health article in is only worth a look in news.
        self.strict = Level.BLOCK if self.is_health else Level.WARN

    @cached_property
    def tree(self):
        return parse(self.text.body)

    @cached_property
    def words(self):
        """Return the words of the body, one block a line."""
        return html.words_in(self.tree)

    @property
    def fields(self):
        """Return (field, words) for all that readers see, in the order of the page."""
        text = self.text
        return [
            ("title", text.title),
            ("summary", text.summary),
            ("body", self.words),
            ("call_to_action", text.call_to_action),
            ("description", text.description),
            ("disclosure", text.disclosure),
        ]

    def elements(self, *tags):
        """Return the elements of the body with one of these tags."""
        return [element for element in self.tree.elements() if element.tag in tags]
