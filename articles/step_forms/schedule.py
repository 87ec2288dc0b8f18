"""The steps that happen later, and the change of an address."""

from django import forms
from django.core.validators import validate_slug
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles import publishing, schedule
from articles.models import Article
from articles.step_forms.base import StepForm
from articles.step_forms.publishing import WhereToForm
from articles.writing import RESERVED_SLUGS
from clinic.form_fields import LineField


def moment_field(label):
    return forms.DateTimeField(
        label=label,
        input_formats=["%Y-%m-%dT%H:%M"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        error_messages={"required": _("Choose day and time."), "invalid": _("Choose day and time.")},
    )


class ScheduleForm(StepForm):
    step = "schedule"
    permissions = ["articles.publish"]
    done = _("The time is set. The text goes public by itself.")

    moment = moment_field(_("When should readers see it?"))

    def __init__(self, article, data=None, *, by=None):
        super().__init__(article, data, by=by)
        self.fields["moment"].help_text = _("Time of %(zone)s.") % {
            "zone": timezone.get_current_timezone_name()
        }

    @classmethod
    def fits(cls, article, user):
        may_go_public = article.status == Article.Status.SIGNED or not article.is_health
        return may_go_public and super().fits(article, user)

    def save(self, *, by):
        schedule.publish_at(self.article, self.cleaned_data["moment"], by=by)


class ScheduleEndForm(WhereToForm):
    step = "schedule_end"
    permissions = ["articles.publish"]
    done = _("The time is set. The article goes off the site by itself.")

    moment = moment_field(_("When should it go off the site?"))
    field_order = ["moment", "where", "address"]

    def save(self, *, by):
        schedule.archive_at(self.article, self.cleaned_data["moment"], target=self.target, by=by)


class UnscheduleForm(StepForm):
    step = "unschedule"
    permissions = ["articles.publish"]
    done = _("Nothing happens by itself any more.")

    @classmethod
    def fits(cls, article, user):
        return article.is_scheduled and super().fits(article, user)

    def save(self, *, by):
        schedule.drop(self.article, by=by)


class RenameForm(StepForm):
    step = "rename"
    permissions = ["articles.publish"]
    done = _("The address is changed. The old one leads there.")
    note = _("Old links keep working: they lead to the new address.")

    slug = LineField(label=_("Last part of the address"), max_length=60, validators=[validate_slug])

    def __init__(self, article, data=None, *, by=None):
        super().__init__(article, data, by=by)
        self.initial["slug"] = article.slug

    def clean_slug(self):
        slug = self.cleaned_data["slug"].lower()
        if slug in RESERVED_SLUGS or Article.objects.filter(slug=slug).exists():
            raise forms.ValidationError(_("This address is taken. Choose another one."))
        return slug

    def save(self, *, by):
        publishing.rename(self.article, self.cleaned_data["slug"], by=by)
