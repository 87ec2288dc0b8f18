"""The key printed in every form, so that double clicks and retries stay one request."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core import signing
from django.utils import timezone

SALT = "appointments.form_token"


@dataclass(frozen=True)
class FormToken:
    """A 128-bit random key (32 hex digits) and the moment its form was first shown."""

    key: str
    shown_at: datetime

    @property
    def age(self) -> timedelta:
        return timezone.now() - self.shown_at


def issue():
    """Return a fresh signed token for a form."""
    return signing.dumps([secrets.token_hex(16), timezone.now().timestamp()], salt=SALT)


def read(signed):
    """Return the FormToken of a signed one, or None if it is missing, altered or cut short.

    It never expires: a form that lay open overnight is still one request.
    """
    try:
        key, shown_at = signing.loads(signed or "", salt=SALT)
    except signing.BadSignature:
        return None
    return FormToken(key, datetime.fromtimestamp(shown_at, tz=timezone.get_default_timezone()))
