"""Signing in to the staff pages, and its traces in the audit trail.

Django tells of sign-ins by signals only; whichever form or view comes later passes here as well.
"""

from django import forms
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth.forms import UsernameField
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver
from django.utils.translation import gettext_lazy as _

from clinic import audit
from staff.models import User


class SignInForm(AdminAuthenticationForm):
    username = UsernameField(
        label=_("E-mail address"),
        widget=forms.EmailInput(attrs={"autofocus": True, "autocapitalize": "none"}),
        error_messages={"required": _("Enter your e-mail address.")},
    )
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": _("Enter your password.")},
    )
    error_messages = {
        "invalid_login": _("This e-mail address and password do not belong together. Check both."),
        "inactive": _("This account is switched off. Ask your manager."),
    }


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
    person = User.objects.filter(email__iexact=credentials.get("username", "")).first()
    audit.record("login.failed", subject=f"person {person.pk}" if person else "", request=request)
