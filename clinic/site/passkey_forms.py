"""allauth's forms for keys, which refuse what is no answer of a key at all like a wrong one."""

from allauth.mfa.adapter import get_adapter
from allauth.mfa.webauthn import forms


class Refusing:
    """allauth leads some odd JSON to an error of its library."""

    def clean_credential(self):
        try:
            return super().clean_credential()
        except (AttributeError, KeyError) as error:
            raise get_adapter().validation_error("incorrect_code") from error


class LoginForm(Refusing, forms.LoginWebAuthnForm):
    pass


class AuthenticateForm(Refusing, forms.AuthenticateWebAuthnForm):
    pass


class ReauthenticateForm(Refusing, forms.ReauthenticateWebAuthnForm):
    pass


class AddForm(forms.AddWebAuthnForm):
    def clean(self):
        try:
            return super().clean()
        except (AttributeError, KeyError, ValueError) as error:
            raise get_adapter().validation_error("incorrect_code") from error
