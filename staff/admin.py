from django.contrib import admin
from django.db.models import ManyToManyField
from django.forms import CheckboxSelectMultiple
from django.utils.translation import gettext_lazy as _

from clinic.admin import moments
from clinic.admin.trail import AuditedMixin
from staff import indexing
from staff.models import Credential, Therapist

CHECKBOXES = {ManyToManyField: {"widget": CheckboxSelectMultiple}}


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
