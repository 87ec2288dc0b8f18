"""Mails about the site itself, to those who look after it."""

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from clinic.clock import spoken_with_day
from clinic.mail_kinds import NothingToSend
from clinic.models import AuditEvent, SelfTest
from clinic.models.outbox import LATE
from clinic.site.watching.addresses import alarm_addresses
from clinic.site.watching.alarms import ALARMS, CHAPTERS, RAISED


def self_test(test_id):
    """Return the mail whose arrival is the last hop of a self-test."""
    test = SelfTest.objects.running().filter(pk=test_id).first()
    if test is None:
        raise NothingToSend
    return _mail(_("The website has tested itself"), "self_test", {"sent": _said(test.sent_at)})


def site_alarm(event_id):
    """Return the word that the site needs a person, or that all is well again."""
    event = AuditEvent.objects.get(pk=event_id)
    context = {
        "sentence": ALARMS[event.subject] if event.action == RAISED else "",
        "chapter": CHAPTERS.get(event.subject),
        "since": _said(event.at),
        "is_late": timezone.now() - event.at > LATE,
    }
    return _mail(_("State of your website"), "site_alarm", context)


def _mail(subject, name, context):
    if not (to := alarm_addresses()):
        raise NothingToSend
    links = {"site_url": settings.SITE_URL, "link": settings.SITE_URL + reverse("admin:state")}
    text = render_to_string(f"clinic/emails/{name}.txt", {**context, **links, "subject": subject})
    return EmailMessage(subject, text, to=to)


def _said(moment):
    return spoken_with_day(moment, timezone.get_default_timezone(), settings.COUNTRY)
