"""Whom a request comes from, as far as our own proxies vouch for it."""

from django.conf import settings


def address_of(request):
    """Return the address of the sender.

    What stands further left in X-Forwarded-For than our own proxies have written may be made up.
    """
    forwarded = filter(None, map(str.strip, request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")))
    hops = [*forwarded, request.META.get("REMOTE_ADDR", "")]
    return hops[-1 - min(settings.TRUSTED_PROXY_COUNT, len(hops) - 1)]
