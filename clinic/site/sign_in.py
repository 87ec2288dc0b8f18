"""Signing in to the staff pages: how allauth does it here, and its traces in the audit trail.

Nobody signs up. In a browser where somebody has signed in before, their wrong passwords are counted by
account and browser. Those of strangers are counted by account and place, by place and by account, so that
whoever tries passwords, from one place or many, never keeps anybody from signing in where they usually
do. An address that nobody has and a wrong password get the same words after the same work.
"""

from datetime import timedelta
from typing import NamedTuple

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import LoginForm
from allauth.account.internal.flows.login import get_authentication_records, perform_password_login
from django import forms
from django.contrib import messages
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.contrib.auth.views import redirect_to_login
from django.dispatch import receiver
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clinic import audit, limiter, peers
from clinic.site import known_browsers
from staff.models import User

COUNTED_FOR = timedelta(minutes=5)
FAILURES_AT_ONE_BROWSER_OR_PLACE = 5
# Of a whole clinic behind one address, whose people all come in at eight.
FAILURES_OF_PLACE = 30
# By strangers from wherever: 2,400 guesses a day are nothing to a password of twelve signs.
FAILURES_OF_ACCOUNT, COUNTED_FOR_ACCOUNT = 100, timedelta(hours=1)
WAYS_TO_CONFIRM = {
    "reauthenticate": _("Use my password"),
    "mfa_reauthenticate": _("Use a code"),
    "mfa_reauthenticate:webauthn": _("Use my key or passkey"),
}


class SignInForm(LoginForm):
    """allauth's form in our words; the session ends when the clinic closes, not when a box is ticked."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["login"] = forms.EmailField(
            label=_("E-mail address"),
            widget=forms.EmailInput(
                attrs={"autofocus": True, "autocapitalize": "none", "autocomplete": "username webauthn"}
            ),
            error_messages={"required": _("Enter your e-mail address.")},
        )
        self.fields["password"] = forms.CharField(
            label=_("Password"),
            strip=False,
            widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
            error_messages={"required": _("Enter your password.")},
        )
        self.order_fields(["login", "password"])

    def login(self, request, redirect_url=None):
        login = self._login
        login.redirect_url = redirect_url
        return perform_password_login(request, self.user_credentials(), login)


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": _("This e-mail address and password do not belong together. Check both."),
        "incorrect_password": _("This is not your password."),
        "too_many_login_attempts": _("Too many tries from here. Wait five minutes, then try again."),
        # The page adds the ways in that are left.
        "too_many_strangers": _("Too many wrong passwords were tried for this address."),
    }

    def is_open_for_signup(self, request):
        return False

    def get_client_ip(self, request):
        return peers.address_of(request) or "0.0.0.0"  # noqa: S104 - stands for "unknown"

    def respond_user_inactive(self, request, user):
        """Say of a passkey whose person may not sign in what is said of one that nobody knows."""
        return refuse_passkey(request)

    def pre_authenticate(self, request, **credentials):
        """Refuse before any work when too many tries have failed lately."""
        now = timezone.now()
        for limit in _limits(request, credentials):
            if limiter.hits(limit.what, limit.who, within=limit.within, now=now) >= limit.most:
                raise self.validation_error(limit.refusal)

    def _rollback_login_failed_rl_usage(self):
        """Take nothing back: only failures are counted."""

    def authentication_failed(self, request, **credentials):
        now = timezone.now()
        for limit in _limits(request, credentials):
            limiter.note(limit.what, limit.who, now)

    def post_login(self, request, user, **kwargs):
        known_browsers.note(request, user.email)
        return super().post_login(request, user, **kwargs)

    def reauthenticate(self, user, password):
        found = self.authenticate(self.request, email=user.email, password=password)
        return found is not None and found.pk == user.pk

    def get_reauthentication_methods(self, user):
        methods = super().get_reauthentication_methods(user)
        return [method | {"description": WAYS_TO_CONFIRM[method["id"]]} for method in methods]

    def is_reauthentication_required(self, *, app, **kwargs):
        """Ask for the password again unless this person has signed in within the last minutes."""
        records = get_authentication_records(self.request, self.request.user)
        last = max((record["at"] for record in records), default=0)
        return timezone.now().timestamp() - last > COUNTED_FOR.total_seconds()


def refuse_passkey(request):
    """Ask for the password instead, on the way to the same page."""
    messages.error(request, _("This passkey does not open the staff pages. Sign in with your password."))
    return redirect_to_login(request.POST.get("next") or reverse("admin:index"))


class Limit(NamedTuple):
    """At most so many failures of one kind, by whoever shares this key."""

    what: str
    who: str
    most: int
    within: timedelta = COUNTED_FOR
    refusal: str = "too_many_login_attempts"


def _limits(request, credentials):
    account = credentials.get("email", "").casefold()
    if browser := known_browsers.key_of(request, account):
        return [Limit("sign-in browser", f"{account} {browser}", FAILURES_AT_ONE_BROWSER_OR_PLACE)]
    place = peers.place_of(request)
    return [
        Limit("sign-in place", place, FAILURES_OF_PLACE),
        Limit("sign-in", f"{account} {place}", FAILURES_AT_ONE_BROWSER_OR_PLACE),
        Limit(
            "sign-in account", account, FAILURES_OF_ACCOUNT, COUNTED_FOR_ACCOUNT, refusal="too_many_strangers"
        ),
    ]


@receiver(user_logged_in)
def note_login(request, user, **kwargs):
    audit.record("login", actor=user, request=request)


@receiver(user_logged_out)
def note_logout(request, user, **kwargs):
    if user is not None:
        audit.record("logout", actor=user, request=request)


@receiver(user_login_failed)
def note_failed_login(credentials, request=None, **kwargs):
    """Note whose account was tried; an address that nobody has is not kept."""
    person = User.objects.filter(email__iexact=credentials.get("email", "")).first()
    audit.record("login.failed", subject=f"person {person.pk}" if person else "", request=request)
