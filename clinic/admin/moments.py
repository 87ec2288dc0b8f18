"""Days and times in Django's own forms: the browser's boxes, which every phone and screen reader knows."""

from django import forms
from django.db import models

BOXES = {
    models.DateField: {"widget": forms.DateInput({"type": "date"}, format="%Y-%m-%d")},
    models.TimeField: {"widget": forms.TimeInput({"type": "time"}, format="%H:%M")},
    # One box for day and time: Django's two share a label that screen readers may not say.
    models.DateTimeField: {
        "form_class": forms.DateTimeField,
        "widget": forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    },
}
