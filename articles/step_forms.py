"""What a person is asked at each step with an article; one form a step, offered to whoever may take it."""

from django import forms
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles import publishing, signing, writing
from articles.models import Revision, Signature
from articles.models.article import MOVES
from clinic.form_fields import LinesField
from clinic.moves import Stale
from staff.models import Therapist, User


def remark_field(**options):
    widget = forms.Textarea(attrs={"rows": 2})
    return LinesField(
        **{"label": _("Remark"), "required": False, "max_length": 1000, "widget": widget, **options}
    )


class StepForm(forms.Form):
    """One step with one article: who may take it, when, what it asks, and the verb that takes it."""

    use_required_attribute = False
    step = ""
    permissions = ()
    done = ""

    # The newest text when the page was drawn: nobody signs or publishes what they have not seen.
    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, article, data=None, *, by=None):
        super().__init__(data, auto_id=f"{self.step}_%s", initial={"seen": article.latest_id})
        self.article = article

    @classmethod
    def is_allowed_to(cls, user):
        return user.has_perms(cls.permissions)

    @classmethod
    def fits(cls, article, user):
        return cls.step in article.steps

    @property
    def label(self):
        return MOVES[self.step].label

    @property
    def url(self):
        return reverse("admin:articles_article_step", args=[self.article.pk, self.step])

    @property
    def asks(self):
        return bool(self.visible_fields())

    @property
    def is_open(self):
        return self.is_bound or self.step == "sign_off"

    def take(self, *, by):
        """Take the step on the text that this person saw; raise Stale or Refused."""
        if self.cleaned_data["seen"] != self.article.latest_id:
            raise Stale
        self.save(by=by)


class SubmitForm(StepForm):
    step = "submit"
    permissions = ["articles.change_article"]
    done = _("The clinician was asked to sign off.")

    to = forms.ModelChoiceField(
        Therapist.objects.none(),
        label=_("Who should sign off?"),
        empty_label=_("Choose one"),
        error_messages={"required": _("Choose a clinician.")},
        help_text=_("Clinicians with a login and a current license, other than author and editor."),
    )
    remark = remark_field()

    def __init__(self, article, data=None, *, by=None):
        super().__init__(article, data, by=by)
        may_sign = User.objects.filter(is_active=True, groups__permissions__codename="sign_off")
        self.fields["to"].queryset = (
            Therapist.objects.licensed(timezone.localdate())
            .filter(left_on=None, user__in=may_sign)
            .exclude(pk=article.latest.author_id)
            .exclude(user=article.latest.created_by_id)
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

    next_review_on = forms.DateField(
        label=_("Next check on"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": _("Enter the day of the next check.")},
        help_text=_("Two years from now unless you change it; three years at most."),
    )

    def __init__(self, article, data=None, *, by=None):
        super().__init__(article, data, by=by)
        self.initial["next_review_on"] = timezone.localdate() + signing.REVIEW_AFTER

    @classmethod
    def fits(cls, article, user):
        return article.is_health and hasattr(user, "therapist") and super().fits(article, user)

    def save(self, *, by):
        signing.sign_off(self.article, by=by, next_review_on=self.cleaned_data["next_review_on"])


class CheckAgainForm(SignOffForm):
    step = "check_again"
    done = _("Checked again in your name.")


class SendBackForm(StepForm):
    step = "send_back"
    permissions = ["articles.sign_off"]
    done = _("The text is back with its editor.")

    remark = remark_field(
        label=_("What should change?"),
        required=True,
        error_messages={"required": _("Say what should change.")},
    )

    def save(self, *, by):
        publishing.send_back(self.article, by=by, remark=self.cleaned_data["remark"])


class PublishForm(StepForm):
    step = "publish"
    permissions = ["articles.publish"]
    done = _("Published.")

    @classmethod
    def fits(cls, article, user):
        is_ready_news = not article.is_health and "publish_unsigned" in article.steps
        return is_ready_news or super().fits(article, user)

    def save(self, *, by):
        publishing.publish(self.article, by=by)


class PublishUncheckedForm(PublishForm):
    step = "publish_unsigned"
    permissions = ["articles.publish", "articles.publish_unreviewed"]
    done = _("Published. The page says that no second clinician checked it.")

    is_certain = forms.BooleanField(
        label=_("Publish it without a clinician's check. The page will say so."),
        error_messages={"required": _("Tick the box to publish without a check.")},
    )

    @classmethod
    def fits(cls, article, user):
        return article.is_health and cls.step in article.steps


class ArchiveForm(StepForm):
    step = "archive"
    permissions = ["articles.publish"]
    done = _("Archived. Readers no longer find this article.")

    remark = remark_field(label=_("Why?"))

    def save(self, *, by):
        publishing.archive(self.article, by=by, remark=self.cleaned_data["remark"])


class UnarchiveForm(StepForm):
    step = "restore"
    permissions = ["articles.publish"]
    done = _("The article is a draft again.")

    def save(self, *, by):
        publishing.restore(self.article, by=by)


class DiscardForm(StepForm):
    step = "discard"
    permissions = ["articles.change_article"]
    label = _("Drop the unsaved text")
    done = _("The unsaved text is gone.")

    @classmethod
    def fits(cls, article, user):
        return hasattr(article, "working_copy")

    def save(self, *, by):
        writing.discard(self.article)


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
        carried = Signature.objects.in_force().filter(revision__in=shown, signed_by=user)
        return carried.exclude(carried_from=None).order_by("revision__number")

    def save(self, *, by):
        signing.object_to(self.signatures(self.article, by).first(), by=by)


class OlderTextForm(StepForm):
    """A step with an older text of the article, named by its number."""

    number = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, article, data=None, *, by=None, number=None):
        super().__init__(article, data, by=by)
        self.initial["number"] = number
        self.auto_id = f"{self.step}_{number}_%s"

    def revision(self):
        """Return the older text; raise Stale where there is none of this number."""
        try:
            return self.article.revisions.get(number=self.cleaned_data["number"])
        except Revision.DoesNotExist:
            raise Stale from None


class RollBackForm(OlderTextForm):
    step = "roll_back"
    label = _("Show readers this text again")
    permissions = ["articles.publish"]
    done = _("Readers see the older text again. The newest one is a draft.")

    def save(self, *, by):
        publishing.roll_back(self.article, self.revision(), by=by)


class TakeUpForm(OlderTextForm):
    step = "take_up"
    label = _("Take up as a draft")
    permissions = ["articles.change_article"]
    done = _("The older text is the newest draft now.")

    @classmethod
    def fits(cls, article, user):
        return "revise" in article.steps

    def save(self, *, by):
        writing.restore(self.article, self.revision(), by=by)


# In the order in which the page offers them.
OFFERED = [
    SignOffForm,
    CheckAgainForm,
    PublishForm,
    SubmitForm,
    SendBackForm,
    ObjectForm,
    PublishUncheckedForm,
    UnarchiveForm,
    DiscardForm,
    ArchiveForm,
]
FORMS = {form.step: form for form in [*OFFERED, RollBackForm, TakeUpForm]}


def offered_to(user, article):
    """Return the forms of the steps that this person may take with the article now."""
    return [
        form(article, by=user) for form in OFFERED if form.is_allowed_to(user) and form.fits(article, user)
    ]
