"""What a manager does for a person who can't get in, or must not any more: a page for each step."""

import secrets

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from clinic import audit
from clinic.form_fields import LineField
from clinic.moves import Stale
from clinic.site import leaving, second_factors, sessions
from staff import account_changes, account_links
from staff.models import AccountLink, User


class StepForm(forms.Form):
    """One step with one person: what it asks and says, when it is offered, and what it does."""

    use_required_attribute = False
    step = label = note = done = ""
    is_final = False

    def __init__(self, person, data=None):
        super().__init__(data)
        self.person = person

    @property
    def url(self):
        return reverse("admin:staff_user_step", args=[self.person.pk, self.step])

    def is_offered(self):
        """Tell whether this makes sense for a person who may sign in and has a password."""
        return self.person.is_active and self.person.has_usable_password()

    def take(self, request):
        """Do it, and write it down."""
        raise NotImplementedError

    @property
    def said(self):
        """Return what was done, once it is."""
        return self.done % {"name": self.person.name, "email": self.person.email}

    def note_down(self, action, request, reason=""):
        audit.record(action, subject=f"person {self.person.pk}", reason=reason, request=request)


class InviteAgainForm(StepForm):
    step = "invite"
    label = _("Send the invitation again")
    note = _("The earlier link stops working. The new one works for three days.")
    done = _("The invitation is on its way to %(email)s.")

    def is_offered(self):
        return self.person.is_active and not self.person.has_usable_password()

    def take(self, request):
        account_links.make(self.person, AccountLink.Purpose.INVITATION, by=request.user)
        self.note_down("person.invited", request)


class PasswordLinkForm(StepForm):
    step = "password"
    label = _("Send a link for a new password")
    note = _("It works for one hour. The old password ends now, and so do all sessions.")
    done = _("A link for a new password is on its way to %(email)s.")

    @transaction.atomic
    def take(self, request):
        # A stolen one must not go on working. Nobody's instead of none, which is how the invited are known;
        # first, because the link is worked out from the password too.
        self.person.set_password(secrets.token_urlsafe(32))
        self.person.save(update_fields=["password"])
        sessions.end_all(self.person)
        account_links.make(self.person, AccountLink.Purpose.PASSWORD_RESET, by=request.user)
        self.note_down("person.password_link_sent", request)


class ResetSecondStepForm(StepForm):
    step = "second-step"
    label = _("Reset the second step")
    note = _("For lost keys and phones. Make sure that it is this person who asks you.")
    done = _("The second step of %(name)s is reset. They were signed out, and told by e-mail.")

    reason = LineField(
        label=_("Reason"),
        max_length=audit.LONGEST_REASON,
        help_text=_("Such as “lost her key, came to my office”. It stays in the audit trail."),
        error_messages={"required": _("Enter the reason.")},
    )

    def is_offered(self):
        return super().is_offered() and second_factors.has_one(self.person)

    def take(self, request):
        second_factors.reset(self.person)
        sessions.end_all(self.person)
        reason = self.cleaned_data["reason"]
        account_changes.note("second_factor.reset", self.person, reason=reason, request=request)


class EndSessionsForm(StepForm):
    step = "sessions"
    label = _("Sign out everywhere")
    note = _("Every device has to sign in again. What was not saved there is lost.")
    done = _("%(name)s is signed out everywhere.")

    def take(self, request):
        sessions.end_all(self.person)
        self.note_down("person.signed_out", request)


class LeaveForm(StepForm):
    step = "leave"
    label = _("Has left")
    note = _("They are shut out at once. Their name stays on what they did.")
    done = _("%(name)s has left. Nothing opens for them any more.")
    is_final = True

    heir = forms.ModelChoiceField(
        User.objects.none(),
        label=_("Who takes over"),
        required=False,
        empty_label=_("Nobody in particular"),
        help_text=_("What this person may not see or sign goes back to all."),
    )

    def __init__(self, person, data=None):
        super().__init__(person, data)
        self.fields["heir"].queryset = heirs = leaving.heirs(person)
        if not heirs.exists():
            del self.fields["heir"]

    @cached_property
    def in_hand(self):
        return leaving.InHand.of(self.person)

    def is_offered(self):
        return self.person.is_active

    def take(self, request):
        heir = self.cleaned_data.get("heir")
        went = leaving.leave(self.person, by=request.user, heir=heir, request=request)
        self.went = leaving.told(went, heir)

    @property
    def said(self):
        return " ".join([super().said, *self.went])


class ComeBackForm(StepForm):
    step = "return"
    label = _("May sign in again")
    note = _("They get an invitation, and have the roles they had. A profile stays as it is.")
    done = InviteAgainForm.done

    def is_offered(self):
        return not self.person.is_active

    def take(self, request):
        leaving.come_back(self.person, by=request.user, request=request)


STEPS = {
    form.step: form
    for form in (
        InviteAgainForm,
        PasswordLinkForm,
        ResetSecondStepForm,
        EndSessionsForm,
        LeaveForm,
        ComeBackForm,
    )
}


def is_in_reach(person, *, by):
    """Tell whether somebody may change this account: who may do everything answers to their like alone."""
    return by.is_superuser or not person.is_superuser


def offered(person, *, by):
    """Return a form for each step that this colleague may take with a person now; with oneself none."""
    if person == by or not by.has_perm("staff.change_user") or not is_in_reach(person, by=by):
        return []
    return [form for form in (step(person) for step in STEPS.values()) if form.is_offered()]


def take_step(request, pk, step):
    """Say what a step does, and take it once that is confirmed."""
    person = get_object_or_404(User, pk=pk)
    if not request.user.has_perm("staff.change_user") or not is_in_reach(person, by=request.user):
        audit.record("person.denied", subject=f"person {pk}", request=request)
        raise PermissionDenied
    if step not in {form.step for form in offered(person, by=request.user)}:
        raise Http404
    form = STEPS[step](person, request.POST if request.method == "POST" else None)
    if form.is_valid() and _taken(request, form):
        return redirect("admin:staff_user_change", person.pk)
    context = {**admin.site.each_context(request), "title": form.label, "person": person, "form": form}
    return render(request, "admin/staff/user/step.html", context)


def _taken(request, form):
    try:
        with transaction.atomic():
            form.take(request)
    except Stale as stale:
        messages.error(request, stale.message)
        return False
    messages.success(request, form.said)
    return True
