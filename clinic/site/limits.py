"""Refuse oversized and odd bodies on the public pages before anything reads them."""

import re

from clinic.site.failures import failure_page

# The forms that anyone may send.
FORMS = re.compile(r"/appointments/|/articles/review/|/articles/[^/]+/mistake/$")
MOST_BYTES = 64 * 1024
MOST_FIELDS = 100


class RequestLimitsMiddleware:
    """Stands before the CSRF check, which would parse the whole body to find its token."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.method == "POST" and FORMS.match(request.path):
            if request.content_type != "application/x-www-form-urlencoded":
                return failure_page(415)
            if len(request.body) > MOST_BYTES:
                return failure_page(413)
            if request.body.count(b"&") >= MOST_FIELDS:
                return failure_page(400)
        return self.get_response(request)
