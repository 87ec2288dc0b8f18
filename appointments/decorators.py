"""What the pages of the journey have in common."""

from functools import wraps
from urllib.parse import urlencode

from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods


def journey_page(*methods):
    """Answer these methods only, and stay out of caches and search engines."""

    def decorate(view):
        @require_http_methods(methods)
        @never_cache
        @wraps(view)
        def page(request, *args, **kwargs):
            response = view(request, *args, **kwargs)
            response["X-Robots-Tag"] = "noindex"
            return response

        return page

    return decorate


def only_query(*names):
    """Send visitors on to the address without any other parameter.

    Campaign links carry names and e-mail addresses, which must not stay in anybody's history.
    """

    def decorate(view):
        @wraps(view)
        def page(request, *args, **kwargs):
            if request.method == "POST" or set(request.GET) <= set(names):
                return view(request, *args, **kwargs)
            query = urlencode({name: request.GET[name] for name in names if name in request.GET})
            return redirect(f"{request.path}?{query}" if query else request.path)

        return page

    return decorate
