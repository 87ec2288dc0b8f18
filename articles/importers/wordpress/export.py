"""What a WordPress export tells: its site, its authors and terms, and its items."""

from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from django.utils import timezone
from django.utils.translation import gettext as _

from articles.importers.parsed import ImportRefused
from articles.importers.wordpress.stream import elements, fields_of, name_of

TEXTS = {"post", "page"}
# Everything else may hold patients' words, such as the entries of forms and shops.
KNOWN_TYPES = {*TEXTS, "attachment"}
# All that is read of the free fields of a post, where plugins keep people's words as well.
META = {"_thumbnail_id", "_wp_attachment_image_alt", "_elementor_edit_mode"}
FIRST_YEAR, LAST_YEAR = 1970, 9999
OLD_STATES = {"publish", "draft", "pending", "private", "future"}


@dataclass(frozen=True)
class Item:
    """A post, page or attachment as the export tells it."""

    number: str
    type: str
    status: str
    title: str
    slug: str
    link: str
    guid: str
    creator: str
    published_at: datetime | None
    is_protected: bool
    parent: str
    # The file of an attachment.
    file: str
    # Pairs of domain ("category", "post_tag") and short name, in the order of the post.
    terms: tuple[tuple[str, str], ...]
    meta: dict[str, str]
    content: str
    excerpt: str

    @property
    def is_text(self):
        return self.type in TEXTS and self.status in OLD_STATES

    @property
    def is_public(self):
        return self.is_text and self.status == "publish" and not self.is_protected


@dataclass(frozen=True)
class Term:
    """A category or tag, with the short name of the category above it."""

    domain: str
    number: str
    slug: str
    parent: str


@dataclass(frozen=True)
class Author:
    """Someone who could sign in to the earlier site: a number and names, nothing else."""

    number: str
    names: list[str]


@dataclass
class Export:
    """What a first reading tells of an export; its items come without their texts."""

    sites: set[str] = field(default_factory=set)
    # By login.
    authors: dict[str, Author] = field(default_factory=dict)
    terms: list[Term] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)
    comments: int = 0
    # How many there are of each type, or state, that is not stored.
    left_out: Counter[str] = field(default_factory=Counter)

    @property
    def texts(self):
        return [item for item in self.items if item.is_text]

    def author_name(self, login: str) -> str:
        """Return the name that an author was shown under."""
        names = self.authors[login].names if login in self.authors else []
        return next(iter(names), login)


def survey(path: Path) -> Export:
    """Read a whole export once, before anything is stored; raise ImportRefused if it is none."""
    export, is_wordpress = Export(), False
    for element in elements(path):
        name = name_of(element)
        if name == "wxr_version":
            is_wordpress = True
        elif name in ("link", "base_site_url", "base_blog_url"):
            export.sites.add((element.text or "").strip())
        elif name == "author":
            fields = fields_of(element)
            export.authors[fields.get("author_login", "")] = _author(fields)
        elif name in ("category", "tag"):
            export.terms.append(_term(name, fields_of(element)))
        elif name == "item":
            export.comments += sum(name_of(child) == "comment" for child in element)
            _count(export, _item(element))
    if not is_wordpress:
        raise ImportRefused(_("%(name)s is not a WordPress export.") % {"name": path.name})
    return export


def texts(path: Path) -> Iterator[Item]:
    """Yield the posts and pages of an export, with their texts."""
    for element in elements(path):
        if name_of(element) == "item" and (item := _item(element)).is_text:
            yield item


def _count(export, item):
    if item.is_text or item.type == "attachment":
        export.items.append(replace(item, content="", excerpt=""))
    else:
        state = f" ({item.status})" if item.type in KNOWN_TYPES else ""
        export.left_out[f"{item.type}{state}"] += 1


def _item(element):
    fields = fields_of(element)
    return Item(
        number=fields.get("post_id", ""),
        type=fields.get("post_type", ""),
        status=fields.get("status", ""),
        title=fields.get("title", ""),
        slug=fields.get("post_name", ""),
        link=fields.get("link", ""),
        guid=fields.get("guid", ""),
        creator=fields.get("creator", ""),
        published_at=_moment(fields),
        is_protected=bool(fields.get("post_password")),
        parent=fields.get("post_parent", "0"),
        file=fields.get("attachment_url", ""),
        terms=tuple(
            (child.get("domain", ""), child.get("nicename", ""))
            for child in element
            if name_of(child) == "category"
        ),
        meta=_meta(element),
        content=fields.get("content", ""),
        excerpt=fields.get("excerpt", ""),
    )


def _meta(element):
    pairs = [fields_of(child) for child in element if name_of(child) == "postmeta"]
    return {key: pair.get("meta_value", "") for pair in pairs if (key := pair.get("meta_key")) in META}


def _term(name, fields):
    number = fields.get("term_id", "")
    if name == "tag":
        return Term("post_tag", number, fields.get("tag_slug", ""), parent="")
    return Term("category", number, fields.get("category_nicename", ""), fields.get("category_parent", ""))


def _author(fields):
    full = f"{fields.get('author_first_name', '')} {fields.get('author_last_name', '')}"
    names = [name for name in (fields.get("author_display_name", ""), full) if name.strip()]
    return Author(fields.get("author_id", ""), names)


def _moment(fields):
    """Return when a post came out: in UTC where the export says so, else on the clinic's clock."""
    for name, zone in [("post_date_gmt", UTC), ("post_date", timezone.get_default_timezone())]:
        # "0000-00-00 00:00:00" stands for no date; the year 1 has no yesterday in another time zone.
        with suppress(ValueError):
            moment = datetime.fromisoformat(fields.get(name, "")).replace(tzinfo=zone)
            if FIRST_YEAR <= moment.year < LAST_YEAR:
                return moment
    return None
