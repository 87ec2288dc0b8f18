"""Whom a request comes from, as far as our own proxies vouch for it."""

import ipaddress
import re

from django.conf import settings

# As some proxies write addresses: with a port, and those of IPv6 in brackets.
WRITTEN = re.compile(r"\[(?P<bracketed>[^\]]*)\](?::\d+)?|(?P<dotted>[\d.]+):\d+")
# What providers give to one subscriber of IPv6, who has more addresses in it than could be counted.
SUBSCRIBER = 64


def address_of(request):
    """Return the address of the sender without its port, empty if there is none that can be read.

    What stands further left in X-Forwarded-For than our own proxies have written may be made up.
    """
    forwarded = filter(None, map(str.strip, request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")))
    hops = [*forwarded, request.META.get("REMOTE_ADDR", "")]
    return _read(hops[-1 - min(settings.TRUSTED_PROXY_COUNT, len(hops) - 1)])


def place_of(request):
    """Return what a limit counts by: the address of the sender, or its network in IPv6."""
    address = address_of(request)
    is_version_6 = ":" in address
    return str(ipaddress.ip_network((address, SUBSCRIBER), strict=False)) if is_version_6 else address


def _read(hop):
    written = WRITTEN.fullmatch(hop)
    host = (written["bracketed"] or written["dotted"] or "") if written else hop
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return ""
    return str(getattr(address, "ipv4_mapped", None) or address)
