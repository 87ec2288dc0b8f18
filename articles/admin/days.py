from django.utils.formats import date_format
from django.utils.translation import gettext as _


def spoken_day(day):
    """Write a day as the staff pages do: "3 November 2026"."""
    # Translators: a PHP-style date format, as in Django's DATE_FORMAT.
    return date_format(day, _("j F Y"))
