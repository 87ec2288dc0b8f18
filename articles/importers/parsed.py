"""What an importer makes of a file, before anything is stored."""

from dataclasses import dataclass, field


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


@dataclass(frozen=True)
class ParsedArticle:
    """An article as read from a file, with what its editor should look at."""

    title: str
    body_html: str
    kept: Counts
    summary: str = ""
    call_to_action: str = ""
    biography: Biography | None = None
    doubts: list[str] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)
    cards: list[str] = field(default_factory=list)
