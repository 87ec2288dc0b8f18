from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import BaseUserCreationForm, UserChangeForm
from django.contrib.auth.models import Group
from django.db.models import ManyToManyField
from django.forms import CheckboxSelectMultiple
from django.utils.translation import gettext_lazy as _

from clinic import audit
from clinic.admin import moments
from clinic.admin.trail import AuditedMixin
from staff import indexing
from staff.models import Credential, Therapist, User

# Roles are a table in code, synchronised after every migrate; changes here would not last.
admin.site.unregister(Group)
# Each person's own, and nobody else's to edit.
admin.site.unregister([EmailAddress, Authenticator, UserSession])

CHECKBOXES = {ManyToManyField: {"widget": CheckboxSelectMultiple}}
LABELS = {"is_superuser": _("May do everything")}
HELP = {"groups": _("What this person may do."), "is_superuser": _("Without being given any role.")}
OWN_RIGHTS = ["is_active", "is_staff", "is_superuser", "groups"]


class InviteForm(BaseUserCreationForm):
    class Meta:
        model = User
        fields = ["email", "name"]


class PersonForm(UserChangeForm):
    class Meta:
        model = User
        fields = ["email", "name"]
        field_classes = {}


@admin.register(User)
class UserAdmin(AuditedMixin, DjangoUserAdmin):
    """People who sign in. Only superusers have permission to change anything here."""

    form = PersonForm
    add_form = InviteForm
    list_display = ["name", "email", "roles", "is_active", "last_login"]
    list_filter = ["groups", "is_active", "locations"]
    search_fields = ["name", "email"]
    ordering = ["name"]
    filter_horizontal = []
    formfield_overrides = CHECKBOXES
    readonly_fields = ["last_login", "date_joined"]
    fieldsets = [
        (None, {"fields": ["email", "name", "password"]}),
        (_("Role"), {"fields": ["groups", "locations", "is_active", "is_staff", "is_superuser"]}),
        (_("Dates"), {"fields": ["last_login", "date_joined"]}),
    ]
    add_fieldsets = [
        (None, {"fields": ["email", "name", "password1", "password2"]}),
        (_("Role"), {"fields": ["groups", "locations"]}),
    ]

    def get_form(self, request, obj=None, **kwargs):
        return super().get_form(request, obj, labels=LABELS, help_texts=HELP, **kwargs)

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("groups")

    @admin.display(description=_("roles"))
    def roles(self, user):
        return ", ".join(group.name for group in user.groups.all())

    def get_fieldsets(self, request, obj=None):
        """Leave the password out for those who may only look."""
        if obj and not self.has_change_permission(request, obj):
            return [(None, {"fields": ["email", "name"]}), *self.fieldsets[1:]]
        return super().get_fieldsets(request, obj)

    def get_readonly_fields(self, request, obj=None):
        """Nobody gives rights to themselves."""
        return [*self.readonly_fields, *(OWN_RIGHTS if obj == request.user else [])]

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        if "groups" in form.changed_data:
            self.note(request, form.instance, "role_changed")

    def user_change_password(self, request, id, form_url=""):  # noqa: A002
        response = super().user_change_password(request, id, form_url)
        if response.status_code == 302:
            audit.record("password.changed", subject=f"person {id}", request=request)
        return response

    def has_delete_permission(self, request, obj=None):
        """Never: who leaves is switched off, and what they did keeps their name."""
        return False


class CredentialInline(admin.StackedInline):
    model = Credential
    formfield_overrides = moments.BOXES
    extra = 0
    fields = ["kind", ("name", "abbreviation"), ("issuer", "number"), ("issued_on", "expires_on")]


@admin.register(Therapist)
class TherapistAdmin(AuditedMixin, admin.ModelAdmin):
    list_display = ["full_name", "job_title", "is_listed", "takes_new_patients", "left_on"]
    list_filter = ["locations", "is_listed"]
    search_fields = ["name", "suffix"]
    prepopulated_fields = {"slug": ["name"]}
    formfield_overrides = CHECKBOXES | moments.BOXES
    inlines = [CredentialInline]
    fieldsets = [
        (None, {"fields": [("name", "suffix"), "slug", "job_title", "photo"]}),
        (_("For patients"), {"fields": ["biography", "specialties", "education", "languages"]}),
        (_("Work"), {"fields": ["locations", "takes_new_patients", "is_listed", "left_on", "position"]}),
        (_("Sign-in"), {"fields": ["user"]}),
        (
            _("Checking texts"),
            {
                "fields": ["is_outside", "review_email"],
                "description": _(
                    "Who is asked to sign off gets a link by e-mail and needs no login."
                    " Enter the license below: its last four characters are typed to sign."
                ),
            },
        ),
    ]

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        indexing.refresh(form.instance)

    def get_view_on_site_url(self, obj=None):
        return super().get_view_on_site_url(obj) if obj and obj.is_shown else None

    def has_delete_permission(self, request, obj=None):
        """Never: articles and signatures keep the name of who has left."""
        return False
