"""Withdrawing one's own request: the private link opens it, and a second detail shows whose it is.

Links are forwarded, and mail scanners follow them; the end of a phone number stands in neither.
"""

from datetime import timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext_lazy as _

from appointments import desk, search_keys
from clinic import limiter, phones
from clinic.form_fields import LineField
from clinic.moves import Stale

TRY = "withdrawal"
DAY = timedelta(hours=24)
MOST_TRIES_A_DAY = 5
DIGITS = 4

FOUR_DIGITS = _("Enter the last four digits of your phone number")
NOT_THIS = _("This is not what you gave us. Check it, or call us.")


def is_locked(request, now):
    """Tell whether the second detail was tried too often today."""
    return limiter.hits(TRY, request.reference, within=DAY, now=now) >= MOST_TRIES_A_DAY


class WithdrawalForm(forms.Form):
    """The last digits of the phone number that was given, or the e-mail address if there was none."""

    use_required_attribute = False

    detail = LineField(
        max_length=254,
        widget=forms.TextInput({"autocomplete": "off"}),
        error_messages={"max_length": NOT_THIS},
    )

    def __init__(self, data=None, *, asked, now):
        super().__init__(data)
        self.asked, self.now = asked, now
        detail = self.fields["detail"]
        if asked.phone:
            detail.label = _("Last four digits of the phone number you gave us")
            detail.widget.attrs |= {"class": "width-5", "inputmode": "numeric"}
            detail.error_messages["required"] = FOUR_DIGITS
        else:
            detail.label = _("E-mail address you gave us")
            detail.widget.attrs |= {"class": "width-20", "inputmode": "email"}
            detail.error_messages["required"] = _("Enter your e-mail address")

    def clean_detail(self):
        typed = self._plain(self.cleaned_data["detail"])
        if self.asked.phone and len(typed) < DIGITS:
            raise ValidationError(FOUR_DIGITS, code="short")
        # A try counts before it is looked at: guesses that come all at once get no more tries than
        # guesses one by one.
        limiter.note(TRY, self.asked.reference, self.now)
        tries = limiter.hits(TRY, self.asked.reference, within=DAY, now=self.now)
        known = self._plain(self.asked.phone_e164 or self.asked.phone or self.asked.email)
        if tries > MOST_TRIES_A_DAY or not constant_time_compare(typed, known):
            raise ValidationError(NOT_THIS, code="wrong")
        return typed

    def save(self):
        """Withdraw the request; return False if the desk took a step at the same moment."""
        try:
            desk.withdraw(self.asked)
        except Stale:
            self.asked.refresh_from_db()
            self.add_error(None, _("Someone at the clinic worked on it meanwhile. Look again."))
            return False
        return True

    def _plain(self, typed):
        """Return what is compared: the end of a number however it is spelled, or the address in one case."""
        if self.asked.phone:
            return search_keys.from_the_end(phones.EXTENSION.sub("", typed))[:DIGITS]
        return typed.casefold()
