"""Links with which somebody sets a password: 256 bits that one e-mail alone holds.

The database keeps a nonce, so that neither it nor a backup opens anything. A link is worked out from that,
the address and the password as they are now: changing either ends every link made before.
"""

import base64
import re
import secrets
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac

from clinic import outbox
from clinic.moves import Stale
from staff.models import AccountLink

SALT = "staff.account_link"
OPENS_FOR = {
    AccountLink.Purpose.INVITATION: timedelta(hours=72),
    AccountLink.Purpose.PASSWORD_RESET: timedelta(hours=1),
}
# Longer numbers are no ids, and SQLite refuses to compare with them.
TOKEN = re.compile(r"([0-9]{1,18})\..+")


@transaction.atomic
def make(person, purpose, *, by):
    """Make a link for this person, owe the e-mail that brings it, and return it.

    It ends those of the same purpose that are still open. `by` is who lets the person in, None for
    whoever asked on the own behalf.
    """
    open_links(person).filter(purpose=purpose).delete()
    link = AccountLink.objects.create(
        user=person, purpose=purpose, nonce=secrets.token_hex(16), created_by=by
    )
    outbox.owe(purpose, link.pk)
    return link


def open_links(person):
    """Return the links of a person that nobody has used."""
    return AccountLink.objects.filter(user=person, used_at=None)


def address_of(link):
    """Return the link itself; it stays the same however often its mail is made."""
    return settings.SITE_URL + reverse("account_welcome", args=[_token_of(link)])


def closes_at(link):
    """Return the moment from which a link opens nothing."""
    return link.created_at + OPENS_FOR[link.purpose]


def is_open(link, now):
    """Tell whether a link still lets its person in."""
    return link.used_at is None and link.user.is_active and now < closes_at(link)


def read(token, now):
    """Return the link that a token opens now; None for one that is forged, used, ended or too old."""
    found = TOKEN.fullmatch(token)
    link = found and AccountLink.objects.select_related("user").filter(pk=found[1]).first()
    return link if link and _is_ours(token, link) and is_open(link, now) else None


@transaction.atomic
def use(link, password, *, now):
    """Give its person this password, and end all links of theirs; raise Stale if it has been used."""
    if not open_links(link.user).filter(pk=link.pk).update(used_at=now):
        raise Stale
    open_links(link.user).delete()
    link.user.set_password(password)
    link.user.save(update_fields=["password", "name"])


def _is_ours(token, link):
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return any(constant_time_compare(token, _token_of(link, key)) for key in keys)


def _token_of(link, key=None):
    seed = f"{link.pk} {link.nonce} {link.user.email} {link.user.password}"
    mac = salted_hmac(SALT, seed, secret=key, algorithm="sha256").digest()
    return f"{link.pk}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"
