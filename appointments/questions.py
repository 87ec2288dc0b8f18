"""What is unusual but possible in complete answers: asked on the check page, and passed simply by Send."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from clinic import mail_typos


@dataclass(frozen=True)
class Question:
    """A sentence, and the button that acts on it: it posts the answers to an address, with another e-mail."""

    text: str
    button: str
    address: str
    email: str = ""


def about(answers):
    """Return what to ask about complete answers; nothing of nearly everyone."""
    location = answers["location"]
    found = [
        _mail_typo(answers["email"]),
        _therapist_elsewhere(answers["therapist"], location),
        _plan_elsewhere(answers["insurance_plan"], location),
    ]
    return [question for question in found if question]


def _mail_typo(email):
    meant = mail_typos.suggestion(email)
    if not meant:
        return None
    words = {"email": meant}
    text, button = _("Did you mean %(email)s?"), _("Use %(email)s")
    return Question(text % words, button % words, reverse("request_form"), email=meant)


def _therapist_elsewhere(therapist, location):
    """Ask only about therapists whose places are known."""
    works_at = therapist.locations.all() if therapist else []
    if not works_at or location in works_at:
        return None
    text = _("%(therapist)s does not work at %(location)s.")
    text %= {"therapist": therapist.name, "location": location.name}
    if works_at.taking_requests().exists():
        return _about_the_place(text, _("Choose another location, or we find someone else there."))
    rest = _("Choose someone else, or we find someone there.")
    return Question(f"{text} {rest}", _("Change therapist"), f"{reverse('request_change')}#id_therapist")


def _plan_elsewhere(plan, location):
    if plan is None or plan in location.insurance_plans.all():
        return None
    text = _("%(location)s does not accept %(plan)s.") % {"location": location.name, "plan": plan.name}
    return _about_the_place(text, _("Choose another location, or we talk about how you can pay."))


def _about_the_place(text, rest):
    return Question(f"{text} {rest}", _("Change location"), f"{reverse('request_change')}#id_location_0")
