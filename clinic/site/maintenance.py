"""A switch for upgrades: while the file MAINTENANCE_FILE exists, visitors get one friendly page.

    echo "Back at 7 pm." > var/maintenance
    rm var/maintenance

Neither the database nor a session is touched, and a patient who was about to send keeps every answer.
"""

import re

from django.conf import settings
from django.utils.cache import patch_cache_control

from appointments import rescue
from clinic.site.failures import failure_page, fallback_facts, is_patients_form
from clinic.site.health import readiness

RETRY_AFTER_SECONDS = 300
LONGEST_NOTE = 200
# Whether the process lives, and what the page itself shows.
STAYS_OPEN = re.compile(r"/livez$|/static/|/look/|/media/")


class MaintenanceMiddleware:
    """Answer 503 while the file is there; its first line, such as "Back at 7 pm.", is shown."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if not settings.MAINTENANCE_FILE.exists() or STAYS_OPEN.match(request.path):
            return self.get_response(request)
        response = _answer(request)
        response["Retry-After"] = RETRY_AFTER_SECONDS
        patch_cache_control(response, no_store=True)
        return response


def _answer(request):
    if request.path == "/readyz":
        return readiness(["maintenance"])
    if is_patients_form(request):
        return rescue.not_saved(request, {**fallback_facts(), "is_planned": True, "note": _note()})
    return failure_page(503, "maintenance.html", note=_note(), is_unsaved=request.method == "POST")


def _note():
    """Return the file's first line; empty if it has none, or was taken away just now."""
    try:
        with settings.MAINTENANCE_FILE.open(encoding="utf-8", errors="replace") as file:
            return file.readline(LONGEST_NOTE).strip()
    except OSError:
        return ""
