from django import forms
from django.contrib import admin
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from clinic import pictures
from clinic.admin.facts import FactsAdmin
from clinic.models import Picture


class PictureForm(forms.ModelForm):
    class Meta:
        model = Picture
        fields = ["title", "alt", "caption", "credit"]


class UploadForm(PictureForm):
    """Take a new picture in; the file itself never changes afterwards."""

    upload = forms.FileField(
        label=_("File"),
        help_text=_("JPEG, PNG or WebP, at most 10 MB."),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )

    def clean_upload(self):
        return pictures.open_safely(self.cleaned_data["upload"])

    def save(self, commit=True):
        self.instance = pictures.store(
            self.cleaned_data["upload"],
            **{name: self.cleaned_data[name] for name in PictureForm.Meta.fields},
        )
        # The admin calls this after saving; a picture has nothing of the kind.
        self.save_m2m = self._save_m2m
        return self.instance


@admin.register(Picture)
class PictureAdmin(FactsAdmin):
    """The library; the picture of the home page is among the facts of every page."""

    form = PictureForm
    list_display = ["thumbnail", "title", "alt", "credit", "created_at"]
    list_display_links = ["title"]
    search_fields = ["title", "alt", "caption"]
    readonly_fields = ["thumbnail"]

    def get_form(self, request, obj=None, change=False, **kwargs):
        return super().get_form(request, obj, change, **({} if change else {"form": UploadForm}), **kwargs)

    def get_fields(self, request, obj=None):
        return ["thumbnail" if obj else "upload", *PictureForm.Meta.fields]

    def save_model(self, request, obj, form, change):
        if not change:
            obj.created_by = request.user
        super().save_model(request, obj, form, change)

    def has_delete_permission(self, request, obj=None):
        """Never: revisions that nobody looks at any more still show it."""
        return False

    @admin.display(description=_("picture"))
    def thumbnail(self, picture):
        return render_to_string("admin/clinic/picture/_thumbnail.html", {"picture": picture})
