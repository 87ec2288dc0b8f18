"""People who sign in, as managers see them: invited into roles, never into more."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.contrib.admin.options import IS_POPUP_VAR
from django.contrib.auth.models import Group
from django.db.models import Exists, ManyToManyField, OuterRef
from django.forms import CheckboxSelectMultiple
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clinic.admin.trail import AuditedMixin
from clinic.site import person_steps, second_factors
from clinic.site.person_forms import InviteForm, PersonForm
from staff import account_changes, account_links
from staff.models import AccountLink, User

# Roles are a table in code, synchronised after every migrate; changes here would not last.
admin.site.unregister(Group)
# Each person's own, and nobody else's to edit.
admin.site.unregister([EmailAddress, Authenticator, UserSession])

OWN_RIGHTS = ["email", "groups", "locations"]


class RoleFilter(admin.RelatedFieldListFilter):
    """Django speaks of groups."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.title = _("role")


@admin.register(User)
class PersonAdmin(AuditedMixin, admin.ModelAdmin):
    form = PersonForm
    list_display = ["name", "roles", "standing", "has_second_step", "last_day", "email"]
    list_filter = [("groups", RoleFilter), "is_active", "locations"]
    search_fields = ["name", "email"]
    ordering = ["-is_active", "name"]
    formfield_overrides = {ManyToManyField: {"widget": CheckboxSelectMultiple}}
    readonly_fields = ["last_login", "date_joined"]
    fieldsets = [
        (None, {"fields": ["email", "name"]}),
        (_("What this person may do"), {"fields": ["groups", "locations"]}),
        (_("Dates"), {"fields": ["last_login", "date_joined"]}),
    ]

    def get_urls(self):
        step = self.admin_site.admin_view(person_steps.take_step)
        return [path("<int:pk>/steps/<slug:step>/", step, name="staff_user_step"), *super().get_urls()]

    def get_queryset(self, request):
        factors = Authenticator.objects.filter(user=OuterRef("pk"), type__in=second_factors.FACTORS)
        return super().get_queryset(request).prefetch_related("groups").annotate(has_factor=Exists(factors))

    @admin.display(description=_("roles"))
    def roles(self, person):
        return ", ".join(group.name for group in person.groups.all())

    @admin.display(description=_("state"))
    def standing(self, person):
        if not person.is_active:
            return _("Has left")
        return _("Active") if person.has_usable_password() else _("Invited")

    @admin.display(description=_("second step"), boolean=True)
    def has_second_step(self, person):
        return person.has_factor

    @admin.display(description=_("last login"), ordering="last_login")
    def last_day(self, person):
        return person.last_login and timezone.localdate(person.last_login)

    def get_form(self, request, obj=None, change=False, **kwargs):
        # Only of its own form Django takes off what is read-only.
        form = {} if obj else {"form": InviteForm}
        return super().get_form(request, obj, change, **form, **kwargs)

    def get_fieldsets(self, request, obj=None):
        return self.fieldsets if obj else self.fieldsets[:2]

    def get_readonly_fields(self, request, obj=None):
        """Nobody gives rights to themselves."""
        return [*self.readonly_fields, *(OWN_RIGHTS if obj == request.user else [])]

    def add_view(self, request, form_url="", extra_context=None):
        return super().add_view(request, form_url, {"title": _("Invite someone"), **(extra_context or {})})

    def render_change_form(self, request, context, obj=None, **kwargs):
        context["steps"] = person_steps.offered(obj, by=request.user) if obj else []
        return super().render_change_form(request, context, obj=obj, **kwargs)

    def response_add(self, request, obj, post_url_continue=None):
        """Leave out Django's message: that of the invitation says it all."""
        if IS_POPUP_VAR in request.POST:
            return super().response_add(request, obj, post_url_continue)
        return self.response_post_save_add(request, obj)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        person = form.instance
        if "groups" in form.changed_data:
            self.note(request, person, "role_changed")
        if not change:
            account_links.make(person, AccountLink.Purpose.INVITATION, by=request.user)
            self.message_user(
                request, _("The invitation is on its way to %(email)s.") % {"email": person.email}
            )
        elif "email" in form.changed_data:
            account_changes.note(
                account_changes.ADDRESS, person, reason=form.initial["email"], request=request
            )

    def lookup_allowed(self, lookup, value, request):
        """Nobody finds out a password's hash by asking for its beginning."""
        return not lookup.startswith("password") and super().lookup_allowed(lookup, value, request)

    def has_change_permission(self, request, obj=None):
        is_in_reach = obj is None or person_steps.is_in_reach(obj, by=request.user)
        return is_in_reach and super().has_change_permission(request, obj)

    def has_delete_permission(self, request, obj=None):
        """Never: who leaves is switched off, and what they did keeps their name."""
        return False
