"""A new password for who has forgotten theirs; nobody learns here which addresses there are."""

from datetime import timedelta

from django import forms
from django.db import transaction
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clinic import audit, limiter, peers
from staff import account_links
from staff.models import AccountLink, User

HOUR = timedelta(hours=1)
MOST_FOR_AN_ADDRESS = 3
# Of a whole clinic behind one address.
MOST_FROM_A_PLACE = 20
# Stands in for the person whom an unknown address does not have.
NOBODY = User(pk=0)


class ForgottenForm(forms.Form):
    use_required_attribute = False

    email = forms.EmailField(
        label=_("E-mail address"),
        widget=forms.EmailInput(
            attrs={"autofocus": True, "autocapitalize": "none", "autocomplete": "username"}
        ),
        error_messages={"required": _("Enter your e-mail address.")},
    )


def forgotten(request):
    """Ask for the address, and send a link to it if somebody has it."""
    form = ForgottenForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return TemplateResponse(request, "admin/forgotten.html", {"form": form})
    ask(form.cleaned_data["email"], request=request, now=timezone.now())
    return redirect("account_reset_password_done")


def forgotten_sent(request):
    """Say what happens next, the same to everybody."""
    return TemplateResponse(request, "admin/forgotten_sent.html")


@transaction.atomic
def ask(email, *, request, now):
    """Owe a link to whoever has this address, at most a few an hour.

    For an address that nobody has, the same is done and taken back, so that the time tells nothing. What
    is refused leaves no trace: whoever goes on asking keeps nobody from asking an hour later.
    """
    asked = [("new password", email.casefold(), MOST_FOR_AN_ADDRESS)]
    asked.append(("new password from", peers.place_of(request), MOST_FROM_A_PLACE))
    if any(limiter.hits(what, who, within=HOUR, now=now) >= most for what, who, most in asked):
        return
    for what, who, _most in asked:
        limiter.note(what, who, now)
    person = User.objects.filter(email__iexact=email, is_active=True).first()
    audit.record("password.asked", subject=f"person {person.pk}" if person else "", request=request)
    _owe_link(person)


@transaction.atomic
def _owe_link(person):
    account_links.make(person or NOBODY, AccountLink.Purpose.PASSWORD_RESET, by=None)
    if person is None:
        transaction.set_rollback(True)
