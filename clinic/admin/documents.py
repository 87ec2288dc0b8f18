from django import forms
from django.contrib import admin
from django.db.models import ManyToManyField
from django.utils.translation import gettext_lazy as _

from clinic import documents
from clinic.admin.trail import AuditedMixin
from clinic.models import Document, Page


class DocumentForm(forms.ModelForm):
    """A document with its file; a newer file takes the place of the older at the same address."""

    upload = forms.FileField(
        label=_("File"),
        help_text=documents.TAKEN,
        widget=forms.FileInput(attrs={"accept": documents.ACCEPT}),
        error_messages={"required": _("Choose a PDF."), "empty": documents.NO_PDF},
    )

    class Meta:
        model = Document
        fields = ["title", "slug", "locations", "pages", "is_listed", "position"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["pages"].queryset = Page.objects.select_related("live")
        if self.instance.pk:
            self.fields["upload"].required = False
            self.fields["upload"].label = _("Newer file")

    def clean_upload(self):
        upload = self.cleaned_data["upload"]
        return documents.read_safely(upload) if upload else None


@admin.register(Document)
class DocumentAdmin(AuditedMixin, admin.ModelAdmin):
    form = DocumentForm
    list_display = ["title", "slug", "where", "kilobytes", "is_listed"]
    search_fields = ["title", "slug"]
    prepopulated_fields = {"slug": ["title"]}
    fieldsets = [
        (None, {"fields": ["title", "slug", "upload", "is_listed"]}),
        (_("Where it is listed"), {"fields": ["locations", "pages", "position"]}),
    ]
    formfield_overrides = {ManyToManyField: {"widget": forms.CheckboxSelectMultiple}}

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("locations")

    @admin.display(description=_("locations"))
    def where(self, document):
        return ", ".join(map(str, document.locations.all())) or _("Every location")

    @admin.display(description=_("size"), ordering="size")
    def kilobytes(self, document):
        return _("%(size)d kB") % {"size": document.kilobytes}

    def get_deleted_objects(self, objs, request):
        """Name the documents alone: the pages that list them stay."""
        tree, *rest = super().get_deleted_objects(objs, request)
        return [document for document in tree if not isinstance(document, list)], *rest

    def get_view_on_site_url(self, obj=None):
        return super().get_view_on_site_url(obj) if obj and obj.is_listed else None

    def save_model(self, request, obj, form, change):
        if not change:
            obj.created_by = request.user
        if content := form.cleaned_data["upload"]:
            documents.put_file(obj, content)
        super().save_model(request, obj, form, change)

    def delete_model(self, request, obj):
        super().delete_model(request, obj)
        documents.remove_file(obj)

    def delete_queryset(self, request, queryset):
        deleted = list(queryset)
        super().delete_queryset(request, queryset)
        for document in deleted:
            documents.remove_file(document)
