"""Make paragraphs as WordPress does when it shows a text: of empty lines, and a break of each other line."""

import re

BLOCKS = "|".join(
    """address article aside blockquote button caption center dd details div dl dt fieldset figcaption figure
    footer form h[1-6] header hr legend li main nav ol option p pre section summary table tbody td tfoot th
    thead tr ul""".split()
)
TAG = re.compile(r"<[^<>]*>")
BREAK = re.compile(r"\s?<br\b[^<>]*>\s?", re.IGNORECASE)
EDGE = re.compile(rf"\s*(</?(?:{BLOCKS})\b[^<>]*>)\s*", re.IGNORECASE)


def with_paragraphs(text: str) -> str:
    """Return the text with its runs of plain lines as paragraphs; what is marked up already stays."""
    text = TAG.sub(lambda tag: " ".join(tag[0].split()), text)
    text = _without_runs_of_blanks(BREAK.sub("\n", _without_runs_of_blanks(text)))
    pieces = (piece.strip() for piece in EDGE.sub(r"\n\n\1\n\n", text).split("\n\n"))
    return "\n".join(piece if EDGE.fullmatch(piece) else _paragraph(piece) for piece in pieces if piece)


def _without_runs_of_blanks(text):
    lines = "\n".join(" ".join(line.split()) for line in text.splitlines())
    return re.sub(r"\n{3,}", "\n\n", lines)


def _paragraph(piece):
    return f"<p>{piece.replace(chr(10), '<br>')}</p>"
