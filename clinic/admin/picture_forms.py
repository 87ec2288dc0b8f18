from django import forms
from django.utils.translation import gettext_lazy as _

from clinic import pictures
from clinic.models import Picture


class UploadField(forms.FileField):
    """A picture to upload; its value is ready for pictures.store."""

    widget = forms.FileInput(attrs={"accept": pictures.ACCEPT})
    default_error_messages = {
        "required": _("Choose a picture."),
        "empty": pictures.REFUSALS["unreadable"],
    }

    def __init__(self, **kwargs):
        super().__init__(**{"label": _("File"), "help_text": pictures.TAKEN, **kwargs})

    def clean(self, data, initial=None):
        return pictures.open_safely(super().clean(data, initial))


class PictureForm(forms.ModelForm):
    class Meta:
        model = Picture
        fields = ["title", "alt", "caption", "credit", "focal_x", "focal_y", "shows_people", "consent"]


class NewPictureForm(forms.ModelForm):
    """Take a new picture in; the file itself never changes afterwards."""

    upload = UploadField()

    class Meta:
        model = Picture
        fields = ["title", "alt", "caption", "credit", "shows_people", "consent"]

    def save(self, commit=True):
        words = {**self.cleaned_data}
        self.instance = pictures.store(words.pop("upload"), **words)
        # The admin calls this after saving; a picture has nothing of the kind.
        self.save_m2m = self._save_m2m
        return self.instance


class EditorUploadForm(forms.Form):
    """What the editor sends: a picture, and perhaps its words."""

    file = UploadField()
    alt = forms.CharField(max_length=Picture._meta.get_field("alt").max_length, required=False)

    def save(self, by):
        title = pictures.title_of(self.files["file"].name)
        return pictures.store(self.cleaned_data["file"], title=title, alt=self.cleaned_data["alt"], by=by)


class ReplaceForm(forms.Form):
    """Choose the picture that takes the place of another; the page draws the choices, with thumbnails."""

    new = forms.ModelChoiceField(
        Picture.objects.none(), error_messages={"required": _("Choose the other picture.")}
    )

    def __init__(self, *args, old, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["new"].queryset = Picture.objects.exclude(pk=old.pk)
