"""What an importer makes of a file, before anything is stored."""

from collections import Counter
from dataclasses import dataclass, field

from articles import html
from articles.tidy import HEADINGS, LISTS
from articles.tree import parse


class ImportRefused(ValueError):
    """A file that holds no article; the message is a sentence for whoever ran the import."""


@dataclass(frozen=True)
class Biography:
    """Words about the author, offered for a therapist's profile."""

    name: str
    text: str


@dataclass(frozen=True)
class Counts:
    """What was kept of a file."""

    headings: int
    paragraphs: int
    words: int
    lists: int = 0
    links: int = 0
    tables: int = 0
    pictures: int = 0

    @classmethod
    def of(cls, body):
        """Count what cleaned HTML holds."""
        tags = Counter(element.tag for element in parse(body).elements())
        return cls(
            headings=sum(tags[tag] for tag in HEADINGS),
            paragraphs=tags["p"],
            words=html.words(body),
            lists=sum(tags[tag] for tag in LISTS),
            links=tags["a"],
            tables=tags["table"],
            pictures=tags["img"],
        )


@dataclass(frozen=True)
class ParsedArticle:
    """An article as read from a file, with what its editor should look at.

    The first of `pictures` is number 1: `data-picture="1"` keeps its place in the text until it is stored.
    """

    title: str
    body_html: str
    kept: Counts
    summary: str = ""
    call_to_action: str = ""
    biography: Biography | None = None
    sources: list[dict] = field(default_factory=list)
    pictures: list[bytes] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)
    cards: list[str] = field(default_factory=list)
