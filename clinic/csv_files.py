"""Tables as files that spreadsheets open: streamed, and without a cell that they would take for a formula."""

import codecs
import csv
import io
import unicodedata
from itertools import islice

from django.http import StreamingHttpResponse

BEGINS_FORMULA = frozenset("=+-@|%")
# Spreadsheets pass by spaces and what nobody sees before they look for a formula.
PASSED_BY = {"Zs", "Cf"}
ROWS_A_PIECE = 500


def response(name, rows):
    """Return a download of these rows, which are written as they come."""
    return StreamingHttpResponse(
        _written(rows),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.csv"', "Cache-Control": "no-store"},
    )


def guarded(value):
    """Return the text of a cell, with an apostrophe before what a spreadsheet might calculate."""
    text = str(value)
    first = next((sign for sign in text if unicodedata.category(sign) not in PASSED_BY), "x")
    # Full-width and small twins of the signs count as the signs themselves.
    is_formula = not BEGINS_FORMULA.isdisjoint(unicodedata.normalize("NFKC", first))
    return f"'{text}" if is_formula or unicodedata.category(first) == "Cc" else text


def _written(rows):
    yield codecs.BOM_UTF8
    rows = iter(rows)
    while piece := list(islice(rows, ROWS_A_PIECE)):
        file = io.StringIO(newline="")
        csv.writer(file, quoting=csv.QUOTE_ALL).writerows(map(guarded, row) for row in piece)
        yield file.getvalue().encode()
