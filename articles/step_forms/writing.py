"""The steps with texts that nobody has signed."""

from django import forms
from django.utils.translation import gettext_lazy as _

from articles import writing
from articles.step_forms.base import OlderTextForm, StepForm


class DiscardForm(StepForm):
    step = "discard"
    permissions = ["articles.change_article"]
    label = _("Drop the unsaved text")
    done = _("The unsaved text is gone.")

    is_certain = forms.BooleanField(
        label=_("Drop what was typed since the last “Save”. It can’t be brought back."),
        error_messages={"required": _("Tick the box to drop the text.")},
    )

    @classmethod
    def fits(cls, article, user):
        return hasattr(article, "working_copy")

    def save(self, *, by):
        writing.discard(self.article)


class TakeUpForm(OlderTextForm):
    step = "take_up"
    label = _("Restore as a draft")
    permissions = ["articles.change_article"]
    done = _("The older text is the newest draft now.")

    @classmethod
    def fits(cls, article, user):
        return "revise" in article.steps

    def save(self, *, by):
        writing.restore(self.article, self.revision(), by=by)
