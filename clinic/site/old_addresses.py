"""Answer addresses that have moved or are gone, when nothing else lives at them."""

from django.http import HttpResponsePermanentRedirect

from clinic import redirects
from clinic.site.failures import failure_page

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
            return _answer(redirects.find("/", query)) or self.get_response(request)
        response = self.get_response(request)
        if response.status_code != 404:
            return response
        return _answer(redirects.find(request.path, request.META["QUERY_STRING"])) or response


def _numbered(request):
    return next((f"{key}={request.GET[key]}" for key in WORDPRESS_KEYS if request.GET.get(key)), "")


def _answer(redirect):
    if redirect is None:
        return None
    return HttpResponsePermanentRedirect(redirect.target) if redirect.target else failure_page(410)
