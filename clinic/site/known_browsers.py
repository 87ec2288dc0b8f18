"""Browsers in which somebody has signed in before: their tries are counted apart from those of strangers.

Choosing a password by a mailed link counts as much: it is the way out for whoever strangers keep waiting.
So an account can have a limit of its own, whichever places guesses come from, and still nobody at a
browser they use is made to wait. The cookie opens nothing: it says whose limit a wrong password counts
for, and who was the last to sign in. After OWASP, "Slow Down Online Guessing Attacks with Device Cookies".
"""

import secrets
from datetime import timedelta

from django.conf import settings
from django.urls import reverse
from django.utils.crypto import salted_hmac

SALT = "clinic.known_browsers"
# So long after somebody last signed in there.
KNOWN_FOR = timedelta(days=90)
# Whoever shares the computer of a desk; the one who has not been there for longest goes first.
MOST_PEOPLE = 20


class KnownBrowserMiddleware:
    """Let the browser of whoever has just signed in, or used a mailed link, know them from then on."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if email := getattr(request, "signed_in_now", ""):
            _remember(request, response, email)
        return response


def note(request, email):
    """Note that the owner of this address signs in, or uses a mailed link, by this request."""
    request.signed_in_now = email


def key_of(request, email):
    """Return the key of the browser if the owner of this address has signed in there, else nothing."""
    key, owners = _read(request)
    return key if owner_of(email) in owners else ""


def last_owner(request):
    """Return what stands for the last who signed in there, nothing for a browser that nobody knows."""
    _key, owners = _read(request)
    return owners[0] if owners else ""


def owner_of(email):
    """Return what stands for the owner of an address: a computer that many use names nobody."""
    return salted_hmac(SALT, email.casefold(), algorithm="sha256").hexdigest()[:16]


def _remember(request, response, email):
    key, owners = _read(request)
    owner = owner_of(email)
    kept = [owner, *(other for other in owners if other != owner)][:MOST_PEOPLE]
    response.set_signed_cookie(
        settings.KNOWN_BROWSER_COOKIE_NAME,
        " ".join([key or secrets.token_urlsafe(), *kept]),
        salt=SALT,
        max_age=KNOWN_FOR,
        path=reverse("admin:index"),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _read(request):
    value = request.get_signed_cookie(
        settings.KNOWN_BROWSER_COOKIE_NAME, default="", salt=SALT, max_age=KNOWN_FOR
    )
    key, *owners = value.split() or [""]
    return key, owners
