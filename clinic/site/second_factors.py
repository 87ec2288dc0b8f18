"""Second factors: passkeys, security keys, apps and codes, and who cannot do without.

Whoever sees requests must have one. Desks have no phones of their own, so a key or a passkey of the
desk's computer comes first, and an app is one way among others.
"""

from urllib.parse import urlsplit

from allauth.mfa import app_settings
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import (
    authentication_failed,
    authenticator_added,
    authenticator_removed,
    authenticator_reset,
    authenticator_used,
)
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.core.cache import cache
from django.dispatch import receiver
from django.http import HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from articles import qr
from clinic import audit, encryption, facts
from staff import account_changes

FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
# What lies encrypted in the data of each kind.
SECRETS = {Authenticator.Type.TOTP: "secret", Authenticator.Type.RECOVERY_CODES: "seed"}
# Where somebody without a second factor may go: to add one, to prove who it is, and out.
OPEN_TO_ALL = {
    "admin:logout",
    "admin:password_change",
    "admin:password_change_done",
    "admin:jsi18n",
    "admin:presence",
    "admin:presence_key",
    "admin:presence_lock",
}
ACCOUNT_PAGES = ("mfa_", "account_", "usersessions_")
HAS_ONE = "has_second_factor"


def must_have_one(user):
    """Tell whether this person may not work without a second factor."""
    sees_requests = user.has_perm("appointments.view_appointmentrequest")
    return settings.REQUIRE_MFA and (sees_requests or user.is_superuser)


def has_one(user):
    return Authenticator.objects.filter(user=user, type__in=FACTORS).exists()


def is_only_one(authenticator):
    """Tell whether its person has no other second factor."""
    others = Authenticator.objects.filter(user=authenticator.user, type__in=FACTORS)
    return not others.exclude(pk=authenticator.pk).exists()


def reset(user):
    """Take away all second factors of a person who has lost them; the next sign-in asks for a new one."""
    Authenticator.objects.filter(user=user).delete()


def renewed(secret):
    """Return a stored secret encrypted with the first key; raise InvalidToken if no key opens it."""
    return _cipher().rotate(secret.encode()).decode()


def _cipher():
    return encryption.cipher("second factors")


class SecondFactorMiddleware:
    """Lead whoever must have a second factor, and has none, to where it is added."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        name = request.resolver_match.view_name or ""
        if not is_for_staff(request.path_info) or name in OPEN_TO_ALL or name.startswith(ACCOUNT_PAGES):
            return None
        if not request.user.is_authenticated or not must_have_one(request.user):
            return None
        # Asked once a session: who resets a person's factors ends the sessions too.
        if not request.session.get(HAS_ONE):
            if not has_one(request.user):
                return HttpResponseRedirect(reverse("mfa_index"))
            request.session[HAS_ONE] = True
        return None


def is_for_staff(path):
    """Tell whether only staff may open this address."""
    return path.startswith(("/admin/", "/design/"))


class SecondFactorAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "cannot_delete_authenticator": _("Add another second step first. Your role needs one."),
        "incorrect_code": _("This code does not fit, or was used before. Try the next one."),
        "incorrect_key": _("That did not work. Try again, or take another way."),
    }

    def get_totp_issuer(self):
        return facts.load()["name"]

    def get_public_key_credential_rp_entity(self):
        return {"id": urlsplit(settings.SITE_URL).hostname, "name": self.get_totp_issuer()}

    def build_totp_svg(self, url):
        return render_to_string("mfa/totp/_code.html", {"qr": qr.code(url)})

    def encrypt(self, text):
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text):
        return _cipher().decrypt(encrypted_text.encode()).decode()

    def can_delete_authenticator(self, authenticator):
        return not (must_have_one(authenticator.user) and is_only_one(authenticator))

    def generate_authenticator_name(self, user, type):  # noqa: A002
        count = Authenticator.objects.filter(user=user, type=type).count() + 1
        return gettext("Key %(number)d") % {"number": count}


@receiver(authenticator_added)
def note_added(request, user, authenticator, **kwargs):
    if authenticator.type not in FACTORS:
        return
    account_changes.note("second_factor.added", user, request=request)
    if is_only_one(authenticator):
        # They began with a password alone, and must not become more by what is added here.
        others = UserSession.objects.filter(user=user).exclude(session_key=request.session.session_key)
        for session in others:
            session.end()


@receiver(authenticator_removed)
def note_removed(request, user, authenticator, **kwargs):
    request.session.pop(HAS_ONE, None)
    if authenticator.type in FACTORS:
        account_changes.note("second_factor.removed", user, request=request)


@receiver(authenticator_reset)
def note_new_codes(request, user, authenticator, **kwargs):
    account_changes.note("recovery_codes.renewed", user, request=request)


@receiver(authentication_failed)
def note_failed(request, user, **kwargs):
    audit.record("second_factor.failed", subject=f"person {user.pk}", request=request)


@receiver(authenticator_used)
def spend_code(request, authenticator, **kwargs):
    """Remember a used code of an app for as long as it fits: allauth does for one period alone."""
    if authenticator.type == Authenticator.Type.TOTP:
        used = authenticator.wrap()._get_used_cache_key(request.POST["code"])
        periods = 2 * app_settings.TOTP_TOLERANCE + 1
        cache.set(used, "y", timeout=periods * app_settings.TOTP_PERIOD)
