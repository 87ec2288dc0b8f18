"""One line per event on stderr: ids, never what a person typed.

Django's own records carry paths, and exceptions carry values ("Key (phone)=(…) already exists").
Both would put a patient's words into files that outlive the request, so the formatter names the route
instead of the path, and an exception's kind and place instead of its text.
"""

import logging
import traceback
from datetime import UTC, datetime
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
FRAMES_SHOWN = 4


class LineFormatter(logging.Formatter):
    """Render a record as `time level logger event key=value …`."""

    def format(self, record):
        parts = [
            datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            record.levelname,
            record.name,
            _event(record),
        ]
        if record.exc_info and record.exc_info[0]:
            parts.append(_exception(record.exc_info))
        return " ".join(parts)


def _event(record):
    request = getattr(record, "request", None)
    if not hasattr(request, "resolver_match"):
        return _single_line(record.getMessage())
    match = request.resolver_match
    route = match.view_name if match else "unknown"
    status = getattr(record, "status_code", "-")
    # What the failure page shows, for whoever calls about it.
    number = f" number={request.problem_number}" if hasattr(request, "problem_number") else ""
    return f"request.problem method={_single_line(request.method)} route={route} status={status}{number}"


def _exception(exc_info):
    kind, _value, trace = exc_info
    frames = [frame for frame in traceback.extract_tb(trace) if _is_ours(frame.filename)]
    places = [
        f"{Path(frame.filename).relative_to(PROJECT)}:{frame.lineno}" for frame in frames[-FRAMES_SHOWN:]
    ]
    return f"exception={kind.__module__}.{kind.__qualname__} at={','.join(places) or 'library'}"


def _is_ours(filename):
    path = Path(filename)
    return path.is_relative_to(PROJECT) and ".venv" not in path.parts


def _single_line(text):
    """Keep a forged line break from looking like a second record."""
    return "".join(character if character.isprintable() else "?" for character in str(text))
