"""Who is invited, and what may be changed of a person: never more than a role of the table."""

from django import forms
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from clinic import audit
from clinic.form_fields import LineField
from clinic.site.roles import ROLES
from staff.models import User

WIDE = {"class": "vTextField"}
# Whoever has this role sees the requests of the own locations, and without any none.
OF_LOCATIONS = "Front desk"


class PersonForm(forms.ModelForm):
    # So long that the trail can keep the earlier one when it is changed.
    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=audit.LONGEST_REASON,
        widget=forms.EmailInput(attrs=WIDE),
        error_messages={"required": _("Enter the e-mail address.")},
    )

    class Meta:
        model = User
        fields = ["email", "name", "groups", "locations"]
        labels = {"groups": _("Roles")}
        # In step with clinic.site.roles.
        help_texts = {
            "groups": _(
                "Editors write and publish. Clinicians sign off health texts. "
                "The front desk answers requests of its locations. "
                "Managers see all requests, and run site and people. "
                "The clinical lead approves care cards."
            )
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # Not there on one's own page.
        if "groups" in self.fields:
            self.fields["groups"].queryset = Group.objects.filter(name__in=ROLES)
        if "locations" in self.fields:
            # A new one is no part of letting somebody in.
            self.fields["locations"].widget.can_add_related = False

    def clean(self):
        super().clean()
        given = self.cleaned_data
        roles = {role.name for role in given.get("groups", ())}
        if OF_LOCATIONS in roles and "locations" in self.fields and not given.get("locations"):
            self.add_error("locations", _("Choose the locations whose requests this person sees."))


class InviteForm(PersonForm):
    """The address and the role; until the invitation is accepted, the address stands for the name."""

    name = LineField(
        label=_("Name"),
        max_length=User._meta.get_field("name").max_length,
        required=False,
        widget=forms.TextInput(attrs=WIDE),
        help_text=_("Empty: the person enters it when they accept."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["groups"].required = True
        self.fields["groups"].error_messages["required"] = _("Choose at least one role.")

    def clean_name(self):
        longest = self.fields["name"].max_length
        return self.cleaned_data["name"] or self.cleaned_data.get("email", "")[:longest]

    def clean_email(self):
        """Say where to look when this address belongs to somebody who has left."""
        email = self.cleaned_data["email"]
        if User.objects.filter(email__iexact=email, is_active=False).exists():
            raise ValidationError(
                _("This person was here before. Find them in the list, and let them in again.")
            )
        return email

    def save(self, commit=True):
        self.instance.set_unusable_password()
        return super().save(commit)
