"""The living page of the design system: every component from its own partial, in light and in dark."""

from dataclasses import dataclass
from datetime import timedelta

from django import forms
from django.contrib.admin.views.decorators import staff_member_required
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from articles.check_labels import CheckLabel
from articles.models import CareCard
from articles.models.cards import Level

SWATCHES = (
    "paper",
    "surface",
    "wash",
    "tint",
    "ink",
    "quiet",
    "brand",
    "brand-strong",
    "deep",
    "emergency",
    "urgent",
    "checked",
)
SCHEMES = ("light", "dark")


@dataclass(frozen=True)
class Specimen:
    """A component: its section in the style sheets, and the template that shows all of its states."""

    name: str
    title: str
    use: str

    @property
    def template(self):
        return f"design/_{self.name}.html"


SPECIMENS = (
    Specimen("tokens", _("Colors and type"), _("Names in tokens.css; a clinic changes the hue alone.")),
    Specimen("button", _("Button"), _("One main step a page; the others are secondary.")),
    Specimen("card", _("Card"), _("A way to an article, a therapist or a place.")),
    Specimen("care_card", _("Care card"), _("What to do now, in three levels. Nothing else looks like it.")),
    Specimen("check", _("Check"), _("Who checked the text, and when.")),
    Specimen("field", _("Form field"), _("Label above, one short hint, the error beside it.")),
    Specimen("error_summary", _("Error summary"), _("All errors at once, each a way to its field.")),
    Specimen("badge", _("Badge"), _("Color only where time runs out.")),
    Specimen("table", _("Table"), _("Its box scrolls, never the page.")),
    Specimen("tabs", _("Tabs"), _("Views of one list.")),
    Specimen("pagination", _("Pagination"), _("Back and on, in words.")),
    Specimen("breadcrumb", _("Breadcrumb"), _("The pages above this one.")),
    Specimen("notice", _("Notice"), _("What everyone should know today.")),
    Specimen("disclosure", _("Disclosure"), _("What few need, one step away.")),
)


class SpecimenForm(forms.Form):
    """One field of each kind."""

    use_required_attribute = False

    name = forms.CharField(label=_("Your full name"), error_messages={"required": _("Enter your full name")})
    phone = forms.CharField(
        label=_("Phone"),
        help_text=_("We call to fix a time."),
        widget=forms.TextInput(attrs={"type": "tel"}),
        error_messages={"required": _("Enter a phone number")},
    )
    place = forms.ChoiceField(
        label=_("Location"),
        choices=[("north", _("North")), ("south", _("South"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a location")},
    )
    days = forms.MultipleChoiceField(
        label=_("Days that suit you"),
        choices=[("1", _("Monday")), ("2", _("Tuesday")), ("3", _("Wednesday"))],
        widget=forms.CheckboxSelectMultiple(attrs={"class": "chips"}),
        required=False,
    )
    area = forms.ChoiceField(
        label=_("What hurts"), choices=[("", _("Not sure")), ("knee", _("Knee"))], required=False
    )
    message_ok = forms.BooleanField(label=_("You may leave a message"), required=False)
    note = forms.CharField(
        label=_("Anything else"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
    )


@never_cache
@staff_member_required
@require_safe
def design(request):
    shown = [
        {
            "scheme": scheme,
            "fresh": SpecimenForm(prefix=f"{scheme}-fresh", initial={"place": "north"}),
            "refused": SpecimenForm({}, prefix=f"{scheme}-refused"),
        }
        for scheme in SCHEMES
    ]
    return render(
        request,
        "design/design.html",
        {"specimens": SPECIMENS, "schemes": shown, "swatches": SWATCHES, **_examples()},
    )


def _examples():
    today = timezone.localdate()
    name = "Theo Okafor, PT, OCS"
    signed = {"name": name, "on": today - timedelta(days=20), "next_on": today + timedelta(days=700)}
    return {
        "cards": [CareCard.objects.shown().filter(level=level).first() for level in Level.values],
        "checks": [
            CheckLabel("checked", **signed),
            CheckLabel("checked", **signed, corrected_on=today),
            CheckLabel("overdue", **signed | {"next_on": today}),
            CheckLabel("unchecked", author=name),
            CheckLabel("before"),
        ],
        "trail": [
            {"name": _("Articles"), "item": "#part-breadcrumb"},
            {"name": _("Low back and leg"), "item": "#part-breadcrumb"},
            {"name": _("This page"), "item": ""},
        ],
        "notice": {
            "heading": _("Closed at noon today:"),
            "text": _("Snow. We call you to find another time."),
        },
        "columns": [_("Exercise"), _("Sets"), _("Times"), _("Rest")],
        "rows": [[_("Bridge"), "2", "10", "30 s"], [_("Heel raise"), "3", "12", "45 s"]],
    }
