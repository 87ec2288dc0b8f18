"""Pages for when something fails: plain words, the phone number, and no database."""

import errno
import logging

from django.conf import settings
from django.db import DatabaseError
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import get_random_string

from appointments import rescue
from appointments.references import ALPHABET
from clinic import emergency, facts, look
from clinic.phones import href
from clinic.site.context import Place

log = logging.getLogger(__name__)

DISK_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def failure_page(status, template=None, **more):
    """Render the page of an HTTP status from facts kept in a file, and `more` of them."""
    context = {"fallback": {**fallback_facts(), **more}}
    response = render(None, template or f"{status}.html", context, status=status)
    response["Cache-Control"] = "no-store"
    return response


def fallback_facts():
    """Return name, phone, hours and emergency number, as far as they are known without the database."""
    stored = facts.fallback()
    phone = stored.get("phone", "")
    places = [Place(location, timezone.now()) for location in stored.get("locations", [])]
    answering = min(places, key=lambda place: place.answers_at, default=None)
    return {
        "name": stored.get("name", ""),
        "phone": phone,
        "phone_href": href(phone, settings.COUNTRY),
        "hours_line": answering.open_line if answering else "",
        "is_open": answering is not None and answering.is_open,
        "look": look.of(stored),
        "emergency_number": emergency.for_country(settings.COUNTRY).number,
    }


def bad_request(request, exception=None):
    return failure_page(400)


def permission_denied(request, exception=None):
    return failure_page(403)


def not_found(request, exception=None):
    return failure_page(404)


def server_error(request):
    return failure_page(500, number=problem_number(request))


def problem_number(request):
    """Return what page and log call this failure, so that one leads to the other; made once a request."""
    if not hasattr(request, "problem_number"):
        request.problem_number = get_random_string(6, ALPHABET)
    return request.problem_number


class DatabaseDownMiddleware:
    """Answer 503 with the phone number when the database or the disk fails us, on every page."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        is_full = isinstance(exception, OSError) and exception.errno in DISK_FULL
        is_ours = is_full or isinstance(exception, DatabaseError)
        return database_down(request, exception) if is_ours else None


def database_down(request, exception):
    """Answer 503; what a patient typed stays in the page, ready to be sent again."""
    number = problem_number(request)
    log.error("database.failed error=%s number=%s", type(exception).__name__, number)
    if is_patients_form(request):
        return rescue.not_saved(request, {**fallback_facts(), "number": number})
    return failure_page(503, number=number)


def csrf_failure(request, reason=""):
    """Explain a refused form in words; the request journey keeps what was typed."""
    if not is_patients_form(request):
        return failure_page(403, "403_csrf.html")
    try:
        return rescue.refused(request)
    except DatabaseError as error:
        # Raised inside a middleware, where the one above does not see it.
        return database_down(request, error)


def is_patients_form(request):
    """Tell whether a post may hold what a patient typed."""
    return request.method == "POST" and request.path.startswith(reverse("request_form"))
