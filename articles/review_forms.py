"""What a clinician can answer at a review link, each answer a form of its own."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles import publishing, signing
from articles.step_forms.base import remark_field
from articles.step_forms.signing import next_check_field
from clinic.form_fields import LineField


class AnswerForm(forms.Form):
    """One answer; `name` tells the forms of the page apart."""

    use_required_attribute = False
    name = ""
    label = ""

    def __init__(self, review, data=None):
        is_meant = data is not None and data.get("answer") == self.name
        super().__init__(data if is_meant else None, auto_id=f"{self.name}_%s")
        self.review = review


class SealedForm(AnswerForm):
    """An answer that takes the second detail; looking at a wrong one counts a try."""

    detail = LineField(
        label=_("Last four characters of your license number"),
        widget=forms.TextInput(attrs={"class": "width-5", "autocomplete": "off"}),
        error_messages={"required": _("Enter the last four characters of your license number.")},
    )

    def clean(self):
        detail = self.cleaned_data.get("detail")
        if not self.errors and not self.review.admits(detail, timezone.localdate()):
            wrong = _("These are not the last four characters of the license number we have.")
            self.add_error("detail", ValidationError(wrong, code="wrong"))


class SignForm(SealedForm):
    name = "sign_off"
    label = _("Sign off")

    next_review_on = next_check_field()
    field_order = ["next_review_on", "detail"]

    def save(self):
        signing.sign_off(
            self.review.article,
            therapist=self.review.therapist,
            next_review_on=self.cleaned_data["next_review_on"],
        )


class ReturnForm(SealedForm):
    name = "send_back"
    label = _("Send back")

    remark = remark_field(
        label=_("What should change?"),
        required=True,
        error_messages={"required": _("Say what should change.")},
    )
    field_order = ["remark", "detail"]

    def save(self):
        remark = f"{self.cleaned_data['remark']}\n({signing.by_link(self.review.therapist)})"
        publishing.send_back(self.review.article, by=None, remark=remark)


class WithdrawForm(AnswerForm):
    """One click: it takes a signature away and gives none."""

    name = "object"
    label = _("Object to the corrected wording")

    def save(self):
        signing.object_to(self.review.text.signature, therapist=self.review.therapist)


ANSWERS = {"submit": [SignForm, ReturnForm], "reminded": [SignForm], "correct": [WithdrawForm]}


def answers(review, data=None):
    """Return the forms of a review; the one that was sent holds what was typed."""
    return [form(review, data) for form in ANSWERS[review.event.step]]
