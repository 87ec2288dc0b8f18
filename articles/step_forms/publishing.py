"""The steps that change what readers see."""

from django import forms
from django.utils.translation import gettext_lazy as _

from articles import publishing
from articles.step_forms.base import OlderTextForm, StepForm, remark_field


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


class RollBackForm(OlderTextForm):
    step = "roll_back"
    label = _("Show readers this text again")
    permissions = ["articles.publish"]
    done = _("Readers see the older text again. The newest one is a draft.")

    def save(self, *, by):
        publishing.roll_back(self.article, self.revision(), by=by)
