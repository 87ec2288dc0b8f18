"""The page behind the link of an invitation or a new password: open to whoever holds the link."""

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from django import forms
from django.contrib import messages
from django.contrib.auth import logout
from django.db import transaction
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clinic import audit
from clinic.form_fields import LineField
from clinic.moves import Stale
from clinic.site import known_browsers
from clinic.site.new_password import NewPasswordForm
from staff import account_changes, account_links
from staff.models import User


class WelcomeForm(NewPasswordForm):
    """The password; whoever is new says how colleagues call them."""

    name = LineField(
        label=_("Your name"),
        max_length=User._meta.get_field("name").max_length,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Enter your name.")},
    )
    field_order = ["name", "new_password1", "new_password2"]

    def __init__(self, link, data=None):
        super().__init__(link.user, data)
        self.link, self.is_first = link, not link.user.has_usable_password()
        # After an error it is the passwords that have to be typed again.
        first = "name" if self.is_first and not self.data.get("name") else "new_password1"
        self.fields[first].widget.attrs["autofocus"] = True
        if not self.is_first:
            del self.fields["name"]
        elif link.user.name != link.user.email:
            self.initial["name"] = link.user.name

    def clean(self):
        # First, because the password must not be like it.
        self.user.name = self.cleaned_data.get("name") or self.user.name
        return super().clean()

    @transaction.atomic
    def save(self, request):
        """Set what was entered and close the link, or raise Stale if it has been used meanwhile."""
        account_links.use(self.link, self.cleaned_data["new_password1"], now=timezone.now())
        if self.is_first:
            audit.record("invitation.accepted", actor=self.user, request=request)
        else:
            account_changes.note("password.changed", self.user, by=self.user, request=request)


def welcome(request, token):
    """Ask for a password, then sign in; what reads mails for viruses gets here too, and changes nothing."""
    link = account_links.read(token, timezone.now())
    if link is None:
        return _page(request, "admin/link_over.html", status=404)
    form = WelcomeForm(link, request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _page(request, "admin/welcome.html", form=form, link=link)
    try:
        form.save(request)
    except Stale:
        return _page(request, "admin/link_over.html", status=404)
    # Else a colleague who is signed in at this computer would stand in the way of the second step.
    logout(request)
    # Who holds the mailbox is no stranger, even if the second step is still to come.
    known_browsers.note(request, link.user.email)
    if not form.is_first:
        messages.success(request, _("Your new password is saved."))
    return perform_password_login(request, {"email": link.user.email}, Login(user=link.user))


def _page(request, template, *, status=200, **context):
    # As from outside, whoever is signed in at this computer.
    context["has_permission"] = False
    return TemplateResponse(request, template, context, status=status)
