"""The steps between an editor and the clinician who answers for a text."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles import publishing, reviewers, signing
from articles.models import Signature
from articles.step_forms.base import StepForm, remark_field
from staff.models import Therapist


def next_check_field():
    return forms.DateField(
        label=_("Next check on"),
        initial=lambda: timezone.localdate() + signing.REVIEW_AFTER,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages=dict.fromkeys(("required", "invalid"), _("Enter the day of the next check.")),
        help_text=_("Two years from now unless you change it; three years at most."),
    )


class SubmitForm(StepForm):
    step = "submit"
    permissions = ["articles.change_article"]
    done = _("The clinician was asked to sign off.")
    note = _("Saving the text again takes the request back.")

    to = forms.ModelChoiceField(
        Therapist.objects.none(),
        label=_("Who should sign off?"),
        empty_label=_("Choose one"),
        error_messages={"required": _("Choose a clinician.")},
        help_text=_(
            "Clinicians with a current license, other than author and editor. They get a link by e-mail."
        ),
    )
    remark = remark_field()

    def __init__(self, article, data=None, *, by=None):
        super().__init__(article, data, by=by)
        clinicians = reviewers.for_text(article.latest, timezone.localdate())
        self.fields["to"].queryset = clinicians
        if not clinicians.exists():
            self.fields["to"].help_text = _(
                "Nobody else here can sign this text. A manager can add an outside reviewer under"
                " Therapists. Or publish it, labeled as not checked."
            )

    @classmethod
    def fits(cls, article, user):
        return article.is_health and super().fits(article, user)

    def save(self, *, by):
        data = self.cleaned_data
        publishing.submit(self.article, to=data["to"], by=by, remark=data["remark"])


class SignOffForm(StepForm):
    step = "sign_off"
    permissions = ["articles.sign_off"]
    done = _("Signed off in your name.")
    note = _("Your name and credential stand under this text. It goes public only when it is published.")

    next_review_on = next_check_field()

    @classmethod
    def fits(cls, article, user):
        return article.is_health and hasattr(user, "therapist") and super().fits(article, user)

    def save(self, *, by):
        signing.sign_off(self.article, by=by, next_review_on=self.cleaned_data["next_review_on"])


class CheckAgainForm(SignOffForm):
    step = "check_again"
    done = _("Checked again in your name.")
    note = _("The page shows today as the day of your check.")


class SendBackForm(StepForm):
    step = "send_back"
    permissions = ["articles.sign_off"]
    done = _("The text is back with its editor.")
    note = _("The editor gets your remark and can ask again.")

    remark = remark_field(
        label=_("What should change?"),
        required=True,
        error_messages={"required": _("Say what should change.")},
    )

    def save(self, *, by):
        publishing.send_back(self.article, by=by, remark=self.cleaned_data["remark"])


class PutOffForm(StepForm):
    step = "extend"
    permissions = ["articles.publish_unreviewed"]
    done = _("The check is put off by half a year.")

    remark = remark_field(
        label=_("Why can it wait?"),
        required=True,
        error_messages={"required": _("Say why it can wait.")},
    )

    @classmethod
    def fits(cls, article, user):
        return signing.can_put_off(article, timezone.localdate()) and super().fits(article, user)

    def save(self, *, by):
        signing.put_off(self.article, by=by, reason=self.cleaned_data["remark"])


class ObjectForm(StepForm):
    """Withdraw the own signature from the corrected wording that readers see, or will see next."""

    step = "object"
    permissions = ["articles.sign_off"]
    label = _("Object to the corrected wording")
    done = _("Your signature is withdrawn from the corrected wording.")

    @classmethod
    def fits(cls, article, user):
        return cls.signatures(article, user).exists()

    @staticmethod
    def signatures(article, user):
        shown = [article.live_id, article.latest_id]
        carried = Signature.objects.in_force().filter(revision__in=shown, therapist__user=user)
        return carried.exclude(carried_from=None).order_by("revision__number")

    def save(self, *, by):
        signing.object_to(self.signatures(self.article, by).first(), by=by)
