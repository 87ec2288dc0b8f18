"""Pages leave compressed here; static files were compressed when they were collected.

Whoever can make a browser ask for a page, and sees how long the answer is, can guess a secret in it
letter by letter when it is compressed (BREACH). So only what everybody gets alike is.
"""

from django.middleware.gzip import GZipMiddleware
from django.utils.cache import cc_delim_re, has_vary_header

COMPRESSED = {"text/html", "text/css", "application/atom+xml", "application/xml", "image/svg+xml"}


class PublicGZipMiddleware(GZipMiddleware):
    """Compress public pages; leave out what holds a form's token, knows a person, or is not to be kept."""

    def process_response(self, request, response):
        content_type = response.get("Content-Type", "").partition(";")[0]
        if content_type not in COMPRESSED or not is_for_everybody(response):
            return response
        return super().process_response(request, response)


def is_for_everybody(response):
    """Tell whether a response holds nothing of one visitor; a form's token always comes with its cookie."""
    kept_by = set(cc_delim_re.split(response.get("Cache-Control", "").lower()))
    depends_on_visitor = bool(response.cookies) or has_vary_header(response, "Cookie")
    return not depends_on_visitor and kept_by.isdisjoint({"private", "no-store"})
