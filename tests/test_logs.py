import logging
import sys

import pytest

from clinic.logs import LineFormatter


@pytest.fixture
def line():
    """Format one record and return the line after its time."""

    def line(message, *args, exc_info=None, **extra):
        record = logging.getLogger("clinic.test").makeRecord(
            "clinic.test", logging.ERROR, __file__, 1, message, args, exc_info, extra=extra
        )
        return LineFormatter().format(record).partition(" ")[2]

    return line


def test_an_event_keeps_its_name_and_ids(line):
    assert line("outbox.sent message=%s", 7) == "ERROR clinic.test outbox.sent message=7"


def test_t21_a_request_is_logged_by_route_without_path_or_query(line, rf, settings):
    request = rf.post("/articles/canary-path/?q=canary-query", {"name": "canary-name"})

    logged = line("Not Found: %s", request.path, request=request, status_code=404)

    assert logged == "ERROR clinic.test request.problem method=POST route=unknown status=404"


def test_t21_an_exception_is_logged_by_kind_and_place_without_its_text(line):
    try:
        raise ValueError("Key (phone)=(canary) already exists")
    except ValueError as error:
        number = error.__traceback__.tb_lineno
        logged = line("worker.failed", exc_info=sys.exc_info())

    place = f"tests/test_logs.py:{number}"
    assert logged == f"ERROR clinic.test worker.failed exception=builtins.ValueError at={place}"


def test_h11_a_forged_line_break_stays_in_its_line(line):
    assert line("agent=%s", "x\n2026 INFO\x1b[0m") == "ERROR clinic.test agent=x?2026 INFO?[0m"
