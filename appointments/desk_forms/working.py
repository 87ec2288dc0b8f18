"""Steps while a request is open: whose it is, calling, and waiting."""

from datetime import datetime, time, timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from appointments import desk, promises
from appointments.desk_forms.step import StepForm, chips, remark_field
from appointments.models import Attempt
from clinic.form_fields import WallClockField

# After these there is something to do at once, not later.
NOTHING_TO_TRY = {Attempt.REACHED, Attempt.WRONG_NUMBER}
NEEDS_PHONE = {Attempt.VOICEMAIL, Attempt.NO_ANSWER, Attempt.WRONG_NUMBER}
# Whatever is put off for longer is forgotten.
FARTHEST = timedelta(days=90)
LOOK_AGAIN = [(1, _("Tomorrow")), (2, _("In 2 days")), (7, _("In a week"))]


class ClaimForm(StepForm):
    step = "claim"
    verb = staticmethod(desk.claim)
    done = _("%(reference)s is yours now.")

    # The button in the list says nothing of what was seen: a request can be claimed while it is nobody's.
    is_up_to_date = True


class TakeOverForm(StepForm):
    step = "take_over"
    verb = staticmethod(desk.take_over)
    done = _("%(reference)s is yours now.")


class ReleaseForm(StepForm):
    step = "release"
    verb = staticmethod(desk.release)
    done = _("%(reference)s is back in the list for everyone.")


class ResumeForm(StepForm):
    step = "resume"
    verb = staticmethod(desk.resume)
    done = _("%(reference)s is back in your list.")


class NotSpamForm(StepForm):
    step = "not_spam"
    verb = staticmethod(desk.not_spam)
    done = _("%(reference)s is with the other requests now.")


class UndoForm(StepForm):
    step = "undo"
    verb = staticmethod(desk.undo)
    done = _("The last step with %(reference)s is taken back.")


class LogAttemptForm(StepForm):
    step = "log_attempt"
    verb = staticmethod(desk.log_attempt)
    done = _("The call about %(reference)s is noted.")

    attempt = forms.ChoiceField(
        label=_("How did it go?"),
        choices=Attempt,
        widget=chips(),
        error_messages={"required": _("Choose how it went.")},
    )
    next_try_at = WallClockField(
        label=_("Next try, if not reached"),
        required=False,
        error_messages={"invalid": _("Enter day and time, or leave both empty.")},
    )
    remark = remark_field()

    def __init__(self, appointment_request, by, data=None):
        super().__init__(appointment_request, by, data)
        without = set() if appointment_request.phone else NEEDS_PHONE
        if not appointment_request.email:
            without = without | {Attempt.WROTE}
        self.fields["attempt"].choices = [choice for choice in Attempt.choices if choice[0] not in without]
        if appointment_request.phone and not appointment_request.may_leave_message:
            self.fields["attempt"].help_text = _("This patient wants no message.")
        self.fields["next_try_at"].zone = timezone.get_current_timezone()
        if not self.is_bound:
            self.initial["next_try_at"] = promises.next_try(appointment_request, timezone.now())

    def clean(self):
        attempt, next_try_at = self.cleaned_data.get("attempt"), self.cleaned_data.get("next_try_at")
        if attempt in NOTHING_TO_TRY:
            self.cleaned_data["next_try_at"] = None
        elif next_try_at and next_try_at <= timezone.now():
            self.add_error("next_try_at", _("Choose a time that is still to come."))
        elif next_try_at and next_try_at > timezone.now() + FARTHEST:
            self.add_error("next_try_at", _("Choose a time within the next three months."))


class WaitForm(StepForm):
    step = "wait"
    verb = staticmethod(desk.wait)
    done = _("%(reference)s waits for the patient now.")

    until = forms.TypedChoiceField(
        label=_("When do we look at it again?"),
        choices=LOOK_AGAIN,
        coerce=int,
        initial=2,
        widget=chips(),
        error_messages={"required": _("Choose when to look at it again.")},
    )
    remark = remark_field(label=_("What are we waiting for?"))

    def clean_until(self):
        """Return the first moment from the start of that day on at which the location is open."""
        day = timezone.localdate() + timedelta(days=self.cleaned_data["until"])
        begins = datetime.combine(day, time.min, tzinfo=timezone.get_current_timezone())
        return self.appointment_request.location.schedule().next_open(begins) or begins
