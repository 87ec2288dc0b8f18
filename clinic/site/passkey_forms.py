"""allauth's forms for keys, which refuse what is no answer of a key at all like a wrong one."""

from contextlib import contextmanager

from allauth.mfa.adapter import get_adapter
from allauth.mfa.webauthn import forms
from django.core.exceptions import ValidationError


@contextmanager
def refusing():
    """Refuse odd JSON, which leads allauth to an error of its library, and speak of no code."""
    try:
        yield
    except (AttributeError, KeyError, ValueError, ValidationError) as error:
        if getattr(error, "code", "incorrect_code") != "incorrect_code":
            raise
        raise get_adapter().validation_error("incorrect_key") from error


class Answered:
    def clean_credential(self):
        with refusing():
            return super().clean_credential()


class LoginForm(Answered, forms.LoginWebAuthnForm):
    pass


class AuthenticateForm(Answered, forms.AuthenticateWebAuthnForm):
    pass


class ReauthenticateForm(Answered, forms.ReauthenticateWebAuthnForm):
    pass


class AddForm(forms.AddWebAuthnForm):
    def clean(self):
        with refusing():
            return super().clean()
