"""Note that a proxy forwards visitors to a site that trusts none: it would take them all for one."""

import time
from contextlib import suppress
from datetime import timedelta

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed

FORWARDED = frozenset({"HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "HTTP_FORWARDED"})
SHOWN_FOR = timedelta(hours=1)
NOTED_EVERY = timedelta(minutes=1)


class ForwardedHeadersMiddleware:
    """Leave a trace for an hour that all processes of this machine see, without asking the database."""

    def __init__(self, get_response):
        if settings.TRUSTED_PROXY_COUNT:
            raise MiddlewareNotUsed
        self.get_response = get_response
        self.noted_at = None

    def __call__(self, request):
        if not FORWARDED.isdisjoint(request.META):
            self._note()
        return self.get_response(request)

    def _note(self):
        now = time.monotonic()
        if self.noted_at is None or now - self.noted_at >= NOTED_EVERY.total_seconds():
            self.noted_at = now
            # A full disk must not keep anybody from the page.
            with suppress(OSError):
                _trace().touch()


def are_untrusted():
    """Tell whether forwarded requests came within the hour although no proxy is trusted."""
    if settings.TRUSTED_PROXY_COUNT:
        return False
    try:
        return time.time() - _trace().stat().st_mtime < SHOWN_FOR.total_seconds()
    except OSError:
        return False


def _trace():
    return settings.FACTS_FILE.with_name("forwarded")
