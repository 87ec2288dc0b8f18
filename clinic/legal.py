"""Which notices the law of a country asks a clinic to show on its site, and how to begin them.

The names are those of Page.Duty. What a notice finally says is for the clinic and its lawyer.
"""

import re

from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

EVERYWHERE = ("website_privacy", "accessibility", "complaints")
# 45 CFR 164.520(c)(3)(i), 92.10 and 92.11 (whoever takes federal funds, such as Medicare), 149.610.
UNITED_STATES = (
    "privacy_practices",
    "nondiscrimination",
    "language_help",
    "good_faith_estimate",
    *EVERYWHERE,
)
BLANK = re.compile(r"\[[^\[\]<>]+\]")


def duties(country):
    """Return the names of the notices that a country asks for, most prominent first."""
    return UNITED_STATES if country == "US" else EVERYWHERE


def agreement(country):
    """Return what has to be signed by whoever holds what patients write."""
    if country == "US":
        return _(
            "Whoever hosts this site or carries its mail holds what patients write. Sign a BAA with both."
        )
    return _(
        "Whoever hosts this site or carries its mail holds what patients write."
        " Sign a data processing agreement with both."
    )


def beginning(duty, country):
    """Return address and text with which the page of a duty begins; what to fill in stands in brackets."""
    context = {"is_us": country == "US"}
    text = render_to_string(f"admin/clinic/page/beginnings/{duty}.html", context)
    return {"slug": duty.replace("_", "-"), "body": text}


def blanks(text):
    """Return what is still to be filled in, each once and with its brackets, in order."""
    return list(dict.fromkeys(BLANK.findall(text)))
