"""Public pages leave compressed here; static files were compressed when they were collected.

Whoever can make a browser ask for a page, and sees how long the answer is, can guess a secret in it
letter by letter when it is compressed (BREACH). So only what everybody gets alike is.
"""

import gzip
import re
from functools import partial

import brotli
from django.utils.cache import cc_delim_re, has_vary_header, patch_vary_headers

TEXT = {"text/html", "text/css", "application/atom+xml", "application/xml", "image/svg+xml"}
# The first that a browser knows. Higher qualities gain little, and the reader would wait for them.
PACK = {
    "br": partial(brotli.compress, quality=5),
    "gzip": partial(gzip.compress, compresslevel=6, mtime=0),
}
# A quality of zero means "not this one".
ACCEPTED = re.compile(r"(\w+)\s*(?:;\s*q=(?!0(?:\.0*)?\s*(?:,|$))[\d.]+\s*)?(?=,|$)")
# Shorter answers, such as redirects, would grow.
WORTH_PACKING = 200
# Templates are indented for those who read them.
INDENT = re.compile(rb"\n\s+")


class PublicCompressionMiddleware:
    """Compress public pages; leave out what holds a form's token, knows a person, or is not to be kept."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if not response.streaming and len(response.content) >= WORTH_PACKING and is_public_text(response):
            patch_vary_headers(response, ["Accept-Encoding"])
            accepted = ACCEPTED.findall(request.headers.get("Accept-Encoding", ""))
            if encoding := next((name for name in PACK if name in accepted), None):
                pack(response, encoding)
        return response


def is_public_text(response):
    """Tell whether a response is text for everybody; a form's token always comes with its cookie."""
    content_type = response.get("Content-Type", "").partition(";")[0]
    kept_by = set(cc_delim_re.split(response.get("Cache-Control", "").lower()))
    depends_on_visitor = bool(response.cookies) or has_vary_header(response, "Cookie")
    is_public = not depends_on_visitor and kept_by.isdisjoint({"private", "no-store"})
    return is_public and content_type in TEXT


def pack(response, encoding):
    """Compress the content of a response, and say so in its headers."""
    response.content = PACK[encoding](INDENT.sub(b"\n", response.content))
    response["Content-Encoding"], response["Content-Length"] = encoding, str(len(response.content))
    # The same page in other bytes: its tag is a weak one.
    if response.get("ETag", "").startswith('"'):
        response["ETag"] = "W/" + response["ETag"]
