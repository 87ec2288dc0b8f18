"""What Django says where we gave it no words: errors that tell what to do, times as people here say them.

A translation from English into English would do the same, and would need compiled files in the project.
"""

from django import forms
from django.conf import settings
from django.contrib.admin.options import FORMFIELD_FOR_DBFIELD_DEFAULTS
from django.db import models
from django.db.models.fields import BLANK_CHOICE_DASH
from django.utils.dateformat import TimeFormat
from django.utils.translation import gettext_lazy as _

from clinic.clock import spoken_time

NOTHING = _("Nothing chosen")
CHOOSE = _("Choose from the list.")
UNKNOWN = {"invalid_choice": CHOOSE, "invalid_list": CHOOSE, "invalid_pk_value": CHOOSE}
DAY = _("Enter a day such as 2026-11-23.")
TIME = _("Enter a time such as 13:30.")
FILE = _("Choose a file.")
LIMITS = {
    "max_length": _("Shorten this to %(limit_value)d characters. It has %(show_value)d."),
    "min_value": _("Enter %(limit_value)s or more."),
    "max_value": _("Enter %(limit_value)s or less."),
}

WORDS = {
    forms.Field: {"required": _("Fill this in."), **LIMITS},
    forms.ChoiceField: UNKNOWN,
    forms.ModelChoiceField: UNKNOWN,
    forms.MultipleChoiceField: UNKNOWN,
    forms.ModelMultipleChoiceField: UNKNOWN,
    forms.DateField: {"invalid": DAY},
    forms.TimeField: {"invalid": TIME},
    forms.DateTimeField: {"invalid": _("Enter day and time, such as 2026-11-23 13:30.")},
    forms.SplitDateTimeField: {"invalid_date": DAY, "invalid_time": TIME},
    forms.EmailField: {"invalid": _("Enter an e-mail address such as name@example.com.")},
    forms.URLField: {"invalid": _("Enter a web address such as https://example.org/.")},
    forms.SlugField: {"invalid": _("Use letters, numbers and hyphens only.")},
    forms.FileField: {
        **dict.fromkeys(("required", "invalid", "missing"), FILE),
        "empty": _("This file is empty."),
        "contradiction": _("Choose a file or clear this, not both."),
    },
    forms.JSONField: {"invalid": _("Write this as JSON.")},
    models.Field: {"unique": _("This is taken. Choose another one."), **LIMITS},
}


def use():
    """Let every form made from now on speak these words, and every date format."""
    # Django hands out this very list as the default of each choice that may stay open.
    BLANK_CHOICE_DASH[:] = [("", NOTHING)]
    for key in (models.ForeignKey, models.OneToOneField):
        FORMFIELD_FOR_DBFIELD_DEFAULTS[key] = {"empty_label": NOTHING}
    for field, words in WORDS.items():
        field.default_error_messages = field.default_error_messages | words
    # The letter for a time of day as people say it; Django's is "2:05 p.m.", in every country.
    TimeFormat.P = _spoken


def _spoken(moment):
    return spoken_time(moment.data, settings.COUNTRY)
