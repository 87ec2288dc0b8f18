from django.conf import settings
from django.core.checks import Error
from django.core.checks import Warning as Caution
from django.db import connections
from django.utils.translation import gettext as _

from clinic import durability, exposure

# E-mail backends that bring nothing to anybody.
ENDS_HERE = ("django.core.mail.backends.console.", "django.core.mail.backends.locmem.", "clinic.mail_files.")


def durable_database(app_configs, databases, **kwargs):
    """Return an error for every database that could forget a committed request."""
    return [
        Error(sentence, id="clinic.E001")
        for alias in databases or []
        for sentence in durability.weaknesses(connections[alias])
    ]


def nothing_lies_open(app_configs, **kwargs):
    """Return an error for everything that strangers could read; a start is refused by the same."""
    return [Error(sentence, id="clinic.E002") for sentence in exposure.found()]


def trusted_proxy(app_configs, **kwargs):
    """Return a warning if an https site trusts no proxy, though only one can have ended the encryption."""
    if not settings.IS_HTTPS or settings.TRUSTED_PROXY_COUNT:
        return []
    sentence = _("Set TRUSTED_PROXY_COUNT to 1: without it all visitors look like the proxy to every limit.")
    return [Caution(sentence, id="clinic.W001")]


def mail_leaves_the_machine(app_configs, **kwargs):
    """Return a warning if a public site keeps its mails in files, on the screen or in memory."""
    if not settings.IS_HTTPS or not settings.EMAIL_BACKEND.startswith(ENDS_HERE):
        return []
    return [Caution(_("Set EMAIL_URL to a mail server: nobody gets the mails now."), id="clinic.W002")]
