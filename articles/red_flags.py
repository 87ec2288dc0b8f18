"""Signs named in a text that oblige it to show an emergency card."""

import re

# A text that speaks of trouble with bladder or bowel speaks of cauda equina syndrome.
_BLADDER_OR_BOWEL = re.compile(
    r"\b(bladder|bowels?|incontinen\w+|urinat\w+|saddle (?:numbness|anesthesia|anaesthesia)|cauda equina)\b",
    re.I,
)
_BACK_OR_LEG = re.compile(r"\b(back|leg|legs|sciatica|sciatic|spine|spinal|lumbar|buttocks?)\b", re.I)

BACK_AND_LEG = "back-and-leg-emergency"


def cards_for(text):
    """Return the short names of the care cards that a plain text cannot do without."""
    if _BLADDER_OR_BOWEL.search(text) and _BACK_OR_LEG.search(text):
        return [BACK_AND_LEG]
    return []
