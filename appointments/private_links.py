"""The private link of a request: 256 bits that only the patient's confirmation and mails hold.

The database keeps a nonce and the hash of the link, so that neither it nor a backup opens anything;
with the secret key the link is worked out again whenever a mail is written.
"""

import base64
import hashlib
import secrets

from django.conf import settings
from django.urls import reverse
from django.utils.crypto import salted_hmac

SALT = "appointments.private_link"


def new_nonce():
    """Return 128 random bits."""
    return secrets.token_hex(16)


def address_of(request):
    """Return the private link, or an empty string if none opens this request (any more)."""
    token = token_of(request)
    return settings.SITE_URL + reverse("private_link", args=[token]) if token else ""


def token_of(request):
    """Return the token that opens this request, or None if none does (any more)."""
    for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        token = make(request.reference, request.link_nonce, key)
        if digest_of(token) == request.link_digest:
            return token
    return None


def make(reference, nonce, key=None):
    """Work out the token of a reference and its nonce."""
    mac = salted_hmac(SALT, f"{reference} {nonce}", secret=key, algorithm="sha256").digest()
    return base64.urlsafe_b64encode(mac).rstrip(b"=").decode()


def digest_of(token):
    """Return what is stored of a token."""
    return hashlib.sha256(token.encode()).hexdigest()
