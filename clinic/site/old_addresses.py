"""Answer addresses that have moved or are gone, when nothing else lives at them."""

from django.db import DatabaseError
from django.http import HttpResponsePermanentRedirect

from clinic import redirects
from clinic.site.failures import database_down, failure_page

# WordPress answers its home page's address with these; ours would show the home page for them.
WORDPRESS_KEYS = ("p", "page_id", "attachment_id", "cat", "author", "feed")


class OldAddressMiddleware:
    """Look up what would be a 404, and the numbered addresses of an earlier WordPress site."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.method not in ("GET", "HEAD"):
            return self.get_response(request)
        if request.path == "/" and (query := _numbered(request)):
            return _answer(request, query) or self.get_response(request)
        response = self.get_response(request)
        if response.status_code != 404:
            return response
        return _answer(request, request.META["QUERY_STRING"]) or response


def _numbered(request):
    return next((f"{key}={request.GET[key]}" for key in WORDPRESS_KEYS if request.GET.get(key)), "")


def _answer(request, query):
    try:
        redirect = redirects.find(request.path, query)
    except DatabaseError as error:
        # Raised inside a middleware, where the one for failures of views does not see it.
        return database_down(request, error)
    if redirect is None:
        return None
    if not redirect.target:
        return failure_page(410)
    response = HttpResponsePermanentRedirect(redirect.target)
    # Else browsers keep it for good, and run in a circle once a page has its old address back.
    response["Cache-Control"] = "no-cache"
    return response
