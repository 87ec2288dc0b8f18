"""All steps with an article, one form a step, offered to whoever may take it."""

from articles.step_forms.publishing import (
    ArchiveForm,
    PublishForm,
    PublishUncheckedForm,
    RollBackForm,
    UnarchiveForm,
)
from articles.step_forms.schedule import RenameForm, ScheduleEndForm, ScheduleForm, UnscheduleForm
from articles.step_forms.signing import (
    CheckAgainForm,
    ObjectForm,
    PutOffForm,
    SendBackForm,
    SignOffForm,
    SubmitForm,
)
from articles.step_forms.writing import DiscardForm, TakeUpForm

# In the order in which the page offers them.
OFFERED = [
    SignOffForm,
    CheckAgainForm,
    PublishForm,
    ScheduleForm,
    UnscheduleForm,
    SubmitForm,
    SendBackForm,
    ObjectForm,
    PutOffForm,
    PublishUncheckedForm,
    UnarchiveForm,
    DiscardForm,
    RenameForm,
    ScheduleEndForm,
    ArchiveForm,
]
FORMS = {form.step: form for form in [*OFFERED, RollBackForm, TakeUpForm]}


def offered_to(user, article):
    """Return the forms of the steps that this person may take with the article now."""
    return [
        form(article, by=user) for form in OFFERED if form.is_allowed_to(user) and form.fits(article, user)
    ]
