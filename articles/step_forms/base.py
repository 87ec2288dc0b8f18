"""What a person is asked at each step with an article: who may take it, when, and the verb that takes it."""

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from articles.models import Revision
from articles.models.article import MOVES
from clinic.form_fields import LinesField
from clinic.moves import Stale


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
    # What will happen, where the label alone does not say it.
    note = ""

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
