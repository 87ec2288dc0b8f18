"""Keep old addresses of the site alive: each leads straight to where its content is now, or says it is gone.

No redirect leads to another one, or to another site.
"""

import re
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from clinic.models import Clinic, Redirect

# Browsers read two slashes, or a backslash, as the way to another site.
OWN = re.compile(r"/(?!/)[^\\\x00-\x1f\x7f]*")


class ForeignAddress(ValueError):
    """An address that no redirect may lead to: of another site, too long, or the old one itself."""


@transaction.atomic
def lead(path, target):
    """Let an old address lead to one of ours; what led to the old one leads there too."""
    path, target = old_address(path), own_address(target)
    # Of two changes at once the second waits here: together they could lead in a circle.
    Clinic.objects.select_for_update().filter(pk=1).first()
    if leads_back(path, target):
        raise ForeignAddress(_("An address can’t lead to itself."))
    onward = find(*_parts(target))
    if onward and leads_back(path, onward.target):
        # What the other way round says is out of date: there is a page at the target again.
        onward.delete()
    elif onward:
        target = onward.target
    _leading_to(path).update(target=target)
    Redirect.objects.update_or_create(path=path, defaults={"target": target})


@transaction.atomic
def close(path):
    """Let an address answer that its page is gone for good, and those that led there as well."""
    path = old_address(path)
    _leading_to(path).update(target="")
    Redirect.objects.update_or_create(path=path, defaults={"target": ""})


def leads_back(path, target):
    """Tell whether whoever asks for the target would be sent there by the redirect of this path again."""
    asked, query = _parts(target)
    return path in (asked, f"{asked}/", f"{asked}?{query}")


def reopen(path):
    """Forget what an address led to: there is a page at it again."""
    Redirect.objects.filter(path=path).delete()


def find(path, query=""):
    """Return the redirect of an address asked for, its query string included where one was kept."""
    candidates = [f"{path}?{query}", path] if query else [path]
    if not path.endswith("/"):
        candidates.append(f"{path}/")
    # PostgreSQL refuses even to look for a NUL; no address that is kept holds one.
    candidates = [candidate for candidate in candidates if "\0" not in candidate]
    found = Redirect.objects.in_bulk(candidates, field_name="path")
    return next((found[candidate] for candidate in candidates if candidate in found), None)


def old_address(address):
    """Return an address of this site in the form in which Django is asked for it: its path is decoded."""
    parts = urlsplit(own_address(address))
    return own_address(unquote(parts.path) + (f"?{parts.query}" if parts.query else ""))


def own_address(address):
    """Return an address of this site as it is kept, without our own host; raise ForeignAddress for others."""
    address = address.removeprefix(settings.SITE_URL) or "/"
    if not OWN.fullmatch(address) or len(address) > Redirect._meta.get_field("path").max_length:
        raise ForeignAddress(_("Enter an address of this site, such as /articles/heel-pain/."))
    return address


def _parts(address):
    parts = urlsplit(address)
    return parts.path, parts.query


def _leading_to(path):
    """Return the redirects to an address, whatever part of the page or query they name."""
    return Redirect.objects.filter(
        Q(target=path) | Q(target__startswith=f"{path}#") | Q(target__startswith=f"{path}?")
    )
