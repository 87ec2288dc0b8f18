"""Browsers in which somebody has signed in before: their tries are counted apart from those of strangers.

So an account can have a limit of its own, whichever places guesses come from, and still nobody at a
browser they use is made to wait. The cookie opens nothing: it says whose limit a wrong password counts
for. After OWASP, "Slow Down Online Guessing Attacks with Device Cookies".
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


def remember(request, response, email):
    """Let the browser know from now on that the owner of this address signs in there."""
    key, owners = _read(request)
    owner = _owner(email)
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


def key_of(request, email):
    """Return the key of the browser if the owner of this address has signed in there, else nothing."""
    key, owners = _read(request)
    return key if _owner(email) in owners else ""


def _read(request):
    value = request.get_signed_cookie(
        settings.KNOWN_BROWSER_COOKIE_NAME, default="", salt=SALT, max_age=KNOWN_FOR
    )
    key, *owners = value.split() or [""]
    return key, owners


def _owner(email):
    """Return what stands for an address: a computer that many use names nobody."""
    return salted_hmac(SALT, email.casefold(), algorithm="sha256").hexdigest()[:16]
