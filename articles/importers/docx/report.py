"""Say in sentences what a Word file held that no article keeps."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext_lazy

MOST_QUOTED = 80

DROPPED = {
    "deletions": ngettext_lazy("%(count)d tracked deletion", "%(count)d tracked deletions", "count"),
    "comments": ngettext_lazy("%(count)d comment", "%(count)d comments", "count"),
    "hidden": ngettext_lazy("%(count)d piece of hidden text", "%(count)d pieces of hidden text", "count"),
    "margins": ngettext_lazy("%(count)d header or footer", "%(count)d headers or footers", "count"),
    "text_boxes": ngettext_lazy("%(count)d text box", "%(count)d text boxes", "count"),
    "equations": ngettext_lazy("%(count)d equation", "%(count)d equations", "count"),
    "drawings": ngettext_lazy(
        "%(count)d drawing, chart or embedded file", "%(count)d drawings, charts or embedded files", "count"
    ),
    "outside_pictures": ngettext_lazy(
        "%(count)d picture that is not in the file", "%(count)d pictures that are not in the file", "count"
    ),
}
DOUBTED = {
    "insertions": ngettext_lazy(
        "%(count)d tracked insertion stands in the text.",
        "%(count)d tracked insertions stand in the text.",
        "count",
    ),
    "fields": ngettext_lazy(
        "%(count)d field, such as a date, stands as it was last shown.",
        "%(count)d fields, such as dates, stand as they were last shown.",
        "count",
    ),
    "missing": ngettext_lazy(
        "%(count)d letter could not be placed. Compare with the document.",
        "%(count)d letters could not be placed. Compare with the document.",
        "count",
    ),
}
# Of these the editor may want the words back.
QUOTED = {"margins", "text_boxes", "equations"}


def dropped(found) -> list[str]:
    """Name what was left out, kind by kind, with the words that an editor may miss."""
    lost = found["lost"]
    sentences = []
    for kind, label in DROPPED.items():
        if texts := lost.get(kind):
            quotes = [f"“{_cut(text)}”" for text in texts if text and kind in QUOTED]
            sentences.append(label % {"count": len(texts)} + (f": {', '.join(quotes)}" if quotes else ""))
    if "contents" in lost:
        sentences.append(_("The table of contents: the page makes its own"))
    return sentences


def doubts(found) -> list[str]:
    """Name what was kept, but may not be meant so."""
    counts = {kind: len(texts) for kind, texts in found["lost"].items()} | {"missing": found["missing"]}
    return [label % {"count": counts[kind]} for kind, label in DOUBTED.items() if counts.get(kind)]


def _cut(text):
    text = " ".join(text.split())
    return text if len(text) <= MOST_QUOTED else text[: MOST_QUOTED - 1] + "…"
