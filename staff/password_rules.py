"""What a password must not be, beside Django's own rules."""

import re
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from clinic import facts

# Shorter ones stand in too many other words.
SHORTEST_WORD = 4
# In step with the help text.
LEAST_OF_ITS_OWN = 8
OF_EVERY_CLINIC = {
    *("clinic", "physio", "physical", "therapy", "therapist", "front", "desk", "reception", "office"),
    *("welcome", "password", "staff"),
}


class ClinicWordsValidator:
    """Refuse what is little more than the clinic's own words: whoever guesses begins with them."""

    def validate(self, password, user=None):
        typed = rest = password.casefold()
        # Longer ones first, since they may hold shorter ones.
        for word in sorted(_words_of_clinic(), key=len, reverse=True):
            rest = rest.replace(word, "")
        # Blanks, digits and marks are what everybody adds.
        if rest != typed and len(re.sub(r"[\W\d_]", "", rest)) < LEAST_OF_ITS_OWN:
            raise ValidationError(
                _("This is little more than the clinic’s name. Add words that nobody expects."),
                code="password_of_the_clinic",
            )

    def get_help_text(self):
        return _("If words like the clinic’s name are in it, it needs eight other letters.")


def _words_of_clinic():
    known = facts.load()
    said = [known["name"], urlsplit(settings.SITE_URL).hostname]
    said += [place[name] for place in known["locations"] for name in ("name", "city")]
    words = re.findall(r"\w+", " ".join(said).casefold())
    return OF_EVERY_CLINIC | {word for word in words if len(word) >= SHORTEST_WORD}
