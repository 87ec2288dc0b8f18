"""Forms in which somebody chooses a password: it is typed twice, because nobody sees it."""

from django import forms
from django.contrib.auth.forms import PasswordChangeForm, SetPasswordForm
from django.utils.translation import gettext_lazy as _


def _typed(label, wanted, **field):
    widget = forms.PasswordInput(attrs={"autocomplete": "new-password"})
    return forms.CharField(
        label=label, strip=False, widget=widget, error_messages={"required": wanted}, **field
    )


class NewPasswordForm(SetPasswordForm):
    """Django's form in our words."""

    use_required_attribute = False
    error_messages = {"password_mismatch": _("The two passwords differ. Type the same one twice.")}

    new_password1 = _typed(
        _("New password"),
        _("Enter a new password."),
        help_text=_("At least 12 characters. Four words that don’t belong together are easy to remember."),
    )
    new_password2 = _typed(_("The same password again"), _("Type the same password again."))

    def validate_password_for_user(self, user, password_field_name):
        """Say what is wrong with a password where it is first typed."""
        super().validate_password_for_user(user, "new_password1")


class OwnPasswordForm(NewPasswordForm, PasswordChangeForm):
    """What whoever is signed in changes the own password with."""

    error_messages = NewPasswordForm.error_messages | {"password_incorrect": _("This is not your password.")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["old_password"].label = _("Your password now")
        self.fields["old_password"].error_messages["required"] = _("Enter your password.")
