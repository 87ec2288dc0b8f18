"""What every page for readers has in common."""

from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page, require_safe


def public_page(view):
    """Answer GET and HEAD only, and let browsers keep the page for as long as it stays the same.

    The ETag is that of the finished page, because header and footer say whether we are open now.
    """
    return require_safe(cache_control(no_cache=True)(conditional_page(view)))
