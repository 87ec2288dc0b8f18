"""The answers between the form and Send: shown to be checked, and kept in hidden inputs.

They travel in the body of posts alone: never in an address, a session, a cookie or the browser's storage.
"""

from dataclasses import dataclass

from django import forms
from django.utils.translation import gettext_lazy as _

from appointments.forms import RequestForm

CONTACT = ("full_name", "patient_name", "phone", "email")
# Marks the forms of a browser that sends no cookie back (appointments.rescue).
WITHOUT_COOKIE = "without_cookie"
# Opens the form afresh, from the pages that come before it.
BEGIN = "begin"
# What travels with the answers: the form's token, and where the patient comes from.
BESIDE = ("token", "article", "card", "screening", WITHOUT_COOKIE, BEGIN)

NOT_PROVIDED = _("Not provided")
# What a tick decides, where its own words beside "Yes" or "No" would be a riddle.
DECIDES = {"may_leave_message": _("Leave a message"), "wants_no_email": _("Automatic e-mails")}


@dataclass(frozen=True)
class Answer:
    """One row of the check page; `anchor` is the id of the control that changes it."""

    label: str
    said: str
    anchor: str


def kept(posted):
    """Return (name, value) of everything posted that the journey knows; needs no database.

    What a button changes comes last, and counts; only days and times have several values.
    """
    given = {name: posted.getlist(name) for name in (*RequestForm.base_fields, *BESIDE)}
    return [
        (name, value)
        for name, values in given.items()
        for value in (values if name == "suits" else values[-1:])
    ]


def contact(form):
    """Return how the patient can be reached, as far as it was given."""
    given = form.answers
    return [_answer(form, name) for name in CONTACT if given[name]]


def others(form):
    """Return every other answer in the order of the form; what was skipped says so."""
    hidden = {*CONTACT, "website", *form.not_asked}
    return [_answer(form, name) for name in form.fields if name not in hidden]


def _answer(form, name):
    bound = form[name]
    is_group = isinstance(bound.field.widget, forms.RadioSelect)
    anchor = f"{bound.auto_id}_0" if is_group else bound.auto_id
    value = form.cleaned_data[name]
    if name == "wants_no_email":
        value = not value
    return Answer(DECIDES.get(name, bound.label), _said(bound.field, value), anchor)


def _said(field, value):
    if isinstance(field, forms.BooleanField):
        return _("Yes") if value else _("No")
    if value in ("", []):
        return NOT_PROVIDED
    if not isinstance(field, forms.ChoiceField):
        return value
    chosen = value if isinstance(value, list) else [field.prepare_value(value) or ""]
    return ", ".join(str(label) for choice, label in field.choices if str(choice) in chosen)
