"""Is the text whole and in order: title, description, headings, tables."""

from django.utils.translation import gettext as _

from articles import html
from articles.checks.draft import Finding, Level
from articles.tidy import CELLS, HEADINGS

LONGEST_TITLE = 60
DESCRIPTION_LENGTHS = range(50, 161)
# Cells with more words hold paragraphs rather than facts.
LONGEST_CELL = 40


def check(draft):
    """Look at the parts of a text and their order."""
    if not draft.words:
        yield Finding("empty", Level.BLOCK, "body", _("Write the text."))
    yield from _headings(draft)
    for table in draft.elements("table"):
        yield from _table(draft, table)
    if len(draft.text.title) > LONGEST_TITLE:
        message = _("Shorten the title to %(most)d characters. Search engines cut longer ones.")
        yield Finding("title", Level.HINT, "title", message % {"most": LONGEST_TITLE}, draft.text.title)
    yield from _description(draft)


def _headings(draft):
    previous, title = 1, draft.text.title.casefold()
    for heading in draft.elements(*HEADINGS):
        said, level = heading.text().strip(), int(heading.tag[1])
        if not said:
            yield Finding(
                "heading-empty", Level.WARN, "body", _("A heading has no words. Write it or remove it.")
            )
        if said.casefold() == title:
            message = _("The title stands in the text once more. Remove that heading.")
            yield Finding("heading-title", Level.WARN, "body", message, said)
        if level > previous + 1:
            message = _("The heading “%(text)s” skips a level: make it level %(level)d.")
            words = {"text": said, "level": previous + 1}
            yield Finding("headings", Level.BLOCK, "body", message % words, said)
        previous = level


def _table(draft, table):
    rows = [row for row in table.elements() if row.tag == "tr"]
    cells = [cell for cell in table.elements() if cell.tag in CELLS]
    words = [html.words_in(cell) for cell in cells]
    begins = next(filter(None, words), "")
    has_headers = any(cell.tag == "th" for cell in cells)
    has_paragraphs = max((len(said.split()) for said in words), default=0) > LONGEST_CELL
    if max((len(row.children) for row in rows), default=0) < 2 or (has_paragraphs and not has_headers):
        message = _("The table “%(begins)s” only arranges text. Use paragraphs or a list.")
        yield Finding("table-layout", Level.WARN, "body", message % {"begins": begins}, begins)
    elif not has_headers:
        message = _("Make the first row or column of the table “%(begins)s” its headers.")
        yield Finding("table-headers", draft.strict, "body", message % {"begins": begins}, begins)


def _description(draft):
    description = draft.text.description
    if not description:
        message = _("Write a description for search engines. Without one they get the lead.")
    elif len(description) < DESCRIPTION_LENGTHS.start:
        message = _("Say more in the description: what the reader learns here.")
    elif len(description) not in DESCRIPTION_LENGTHS:
        message = _("Shorten the description to 160 characters. Search engines cut longer ones.")
    else:
        return
    yield Finding("description", Level.HINT, "description", message)
