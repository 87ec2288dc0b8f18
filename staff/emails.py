"""E-mails about signing in, to the person whose account it is."""

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from clinic import facts
from clinic.clock import spoken_with_day
from clinic.mail_kinds import NothingToSend
from clinic.models import AuditEvent
from staff import account_changes, account_links
from staff.models import AccountLink, User


def invitation(link_id):
    """Return the e-mail that lets somebody in for the first time."""
    return _with_link(link_id, _("Your invitation to the staff pages"), "invitation")


def password_reset(link_id):
    """Return the e-mail with which somebody sets a new password."""
    return _with_link(link_id, _("Set a new password"), "password_reset")


def account_changed(event_id):
    """Return the word that the way somebody signs in has changed."""
    event, person = _change(event_id)
    return _word_of(event, person, to=person.email)


def address_changed(event_id):
    """Return the same word to the earlier address; neither of the two learns the other."""
    event, person = _change(event_id)
    return _word_of(event, person, to=event.reason)


def _change(event_id):
    event = AuditEvent.objects.select_related("actor").get(pk=event_id)
    return event, User.objects.get(pk=event.subject.removeprefix(account_changes.SUBJECT))


def _word_of(event, person, *, to):
    context = {
        "change": account_changes.CHANGES[event.action],
        "changed_by": event.actor if event.actor != person else None,
        "at": _spoken(event.at),
        "clinic": facts.load()["name"],
        "account": settings.SITE_URL + reverse("mfa_index"),
    }
    return _mail(to, _("Your sign-in was changed"), "account_changed", context)


def _with_link(link_id, subject, template):
    """Raise NothingToSend for a link that was used, ended or has run out by now."""
    link = AccountLink.objects.select_related("user", "created_by").filter(pk=link_id).first()
    if link is None or not account_links.is_open(link, timezone.now()):
        raise NothingToSend
    context = {
        "link": account_links.address_of(link),
        "sender": link.created_by,
        "until": _spoken(account_links.closes_at(link)),
        "clinic": facts.load()["name"],
    }
    return _mail(link.user.email, subject, template, context)


def _spoken(moment):
    return spoken_with_day(moment, timezone.get_default_timezone(), settings.COUNTRY)


def _mail(to, subject, template, context):
    return EmailMessage(subject, render_to_string(f"staff/emails/{template}.txt", context), to=[to])
