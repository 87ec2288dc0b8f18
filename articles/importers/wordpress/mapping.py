"""What of the earlier site is what here: its categories and tags as topics, its authors as therapists."""

import re
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from articles.importers.parsed import ImportRefused
from articles.importers.wordpress.export import Export, Item
from articles.models import Article, Topic
from clinic.text import one_line
from staff.models import Therapist

# What WordPress gives to every post without another category.
NO_CATEGORY = "uncategorized"
FORM_OF_ADDRESS = re.compile(r"(?:dr|mr|mrs|ms|prof)\.? ")


@dataclass
class Mapping:
    """Topics by the short name of a category or tag, the categories of news, and therapists by login."""

    topics: dict[str, Topic | None]
    news: set[str]
    authors: dict[str, Therapist]

    def kind(self, item: Item) -> str:
        """Return what kind of article a post becomes."""
        return Article.Kind.NEWS if self.news & set(_terms(item)) else Article.Kind.HEALTH

    def topics_of(self, item: Item) -> list[Topic]:
        """Return the topics of a post in its own order, categories first."""
        found = (self.topics.get(slug) for slug in _terms(item))
        return list(dict.fromkeys(topic for topic in found if topic))

    def unmapped(self, export: Export) -> Counter[str]:
        """Count the posts of each category and tag that the file of topics does not name."""
        named = {*self.topics, *self.news, NO_CATEGORY}
        return Counter(slug for item in export.texts for slug in _terms(item) if slug not in named)

    def unmatched(self, export: Export) -> Counter[str]:
        """Count the posts of each author who is no therapist here, by name."""
        logins = (item.creator for item in export.texts if item.type == "post")
        return Counter(export.author_name(login) for login in logins if login not in self.authors)


def read(path: Path | None, export: Export) -> Mapping:
    """Read the file of topics (TOML) and match the authors; raise ImportRefused for a topic we don't have."""
    table = _table(path) if path else {}
    known = {topic.slug: topic for topic in Topic.objects.all()}
    wanted = table.get("topics", {})
    if unknown := sorted({slug for slug in wanted.values() if slug and slug not in known}):
        raise ImportRefused(
            _("There is no topic %(unknown)s. There are: %(known)s.")
            % {"unknown": ", ".join(unknown), "known": ", ".join(known)}
        )
    return Mapping(
        topics={term: known.get(slug) for term, slug in wanted.items()},
        news=set(table.get("news", {}).get("categories", [])),
        authors=dict(_matched(export)),
    )


def _table(path):
    try:
        return tomllib.loads(path.read_text())
    except OSError as error:
        why = error.strerror
    except ValueError as error:
        why = str(error)
    raise ImportRefused(_("%(name)s could not be read: %(why)s.") % {"name": path.name, "why": why})


def _matched(export: Export) -> Iterator[tuple[str, Therapist]]:
    """Yield each login with the one therapist who has that author's name."""
    by_name: dict[str, list[Therapist]] = {}
    for therapist in Therapist.objects.all():
        by_name.setdefault(_folded(therapist.name), []).append(therapist)
    for login, author in export.authors.items():
        found = {person for name in author.names for person in by_name.get(_folded(name), [])}
        if len(found) == 1:
            yield login, found.pop()


def _folded(name):
    """Return a name without accents, capitals, form of address and the letters behind it."""
    letters = unicodedata.normalize("NFKD", one_line(name).partition(",")[0].casefold())
    return FORM_OF_ADDRESS.sub(
        "", "".join(letter for letter in letters if not unicodedata.combining(letter)), 1
    )


def _terms(item):
    return [slug for domain in ("category", "post_tag") for kind, slug in item.terms if kind == domain]
