"""Keep old addresses of the site alive: each leads straight to where its content is now, or says it is gone.

No redirect leads to another one, or to another site.
"""

from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from clinic.models import Redirect


class ForeignAddress(ValueError):
    """An address that no redirect may lead to: of another site, too long, or the old one itself."""


@transaction.atomic
def lead(path, target):
    """Let an old address lead to one of ours; what led to the old one leads there too."""
    path, target = own_address(path), own_address(target)
    if path == target:
        raise ForeignAddress(_("An address can't lead to itself."))
    # What the other way round says is out of date: there is a page at the target again.
    Redirect.objects.filter(path=target, target=path).delete()
    onward = Redirect.objects.filter(path=target).first()
    target = onward.target if onward else target
    Redirect.objects.filter(target=path).update(target=target)
    Redirect.objects.update_or_create(path=path, defaults={"target": target})


@transaction.atomic
def close(path):
    """Let an address answer that its page is gone for good, and those that led there as well."""
    path = own_address(path)
    Redirect.objects.filter(target=path).update(target="")
    Redirect.objects.update_or_create(path=path, defaults={"target": ""})


def reopen(path):
    """Forget what an address led to: there is a page at it again."""
    Redirect.objects.filter(path=path).delete()


def find(path, query=""):
    """Return the redirect of an address asked for, its query string included where one was kept."""
    candidates = [f"{path}?{query}", path] if query else [path]
    found = Redirect.objects.in_bulk(candidates, field_name="path")
    return next((found[candidate] for candidate in candidates if candidate in found), None)


def own_address(address):
    """Return an address of this site as it is kept, without our own host; raise ForeignAddress for others."""
    address = address.removeprefix(settings.SITE_URL) or "/"
    parts = urlsplit(address)
    is_own = not parts.scheme and not parts.netloc and address.startswith("/")
    if not is_own or "\\" in address or len(address) > Redirect._meta.get_field("path").max_length:
        raise ForeignAddress(_("Enter an address of this site, such as /articles/heel-pain/."))
    return address
