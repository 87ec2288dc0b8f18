"""What needs a person, in words, and the mail that says so: when it begins, then daily, and when all is well.

The audit trail is the memory: what it says of the alarms so far decides what is new.
"""

import logging
from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from clinic import audit, outbox
from clinic.models import AuditEvent, WorkerBeat

log = logging.getLogger(__name__)

# What is wrong and what to do about it, for each code of clinic.site.health, most pressing first.
ALARMS = {
    "database": _("The database does not answer. Call whoever looks after the site."),
    "migrations-pending": _("An upgrade stopped half-way. Run “manage.py migrate”, then restart the site."),
    "worker-silent": _(
        "No mail is going out: the worker has stopped. Tell whoever runs the site. Watch the inbox."
    ),
    "mail-failed": _("Some mail was given up. Look at the outgoing mail and send it again."),
    "mail-late": _("Mail has been waiting for over 15 minutes. Check the mail server, and watch the inbox."),
    "self-test-form": _("The daily test could not send the request form. Try the form yourself."),
    "self-test-inbox": _(
        "The daily test sent a request that is not in the inbox. Tell whoever looks after the site."
    ),
    "self-test-mail": _("The daily test got no mail out. Check the mail server and the alarm addresses."),
    "disk-nearly-full": _("The disk is nearly full. Soon no request can be stored. Make room."),
    "backup-overdue": _("There is no whole backup of the last day and a half. See why it fails."),
    "backup-not-copied": _("No backup has left this machine for a day and a half. See why it fails."),
    "clock-doubtful": _("The site was off for days, or its clock has jumped ahead. Check the clock today."),
}
# What works today and will hurt one day; monitors stay green.
WARNINGS = {
    "forwarded-headers-untrusted": _(
        "A proxy passes visitors on, but the site trusts none. Set TRUSTED_PROXY_COUNT to how many there are."
    ),
}
# Which chapter of docs/runbook.md says step by step what to do.
CHAPTERS = {
    "database": "The site is down",
    "migrations-pending": "An upgrade stopped half-way",
    "worker-silent": "The worker is silent",
    "mail-failed": "Mail is down",
    "mail-late": "Mail is down",
    "self-test-form": "The daily test fails",
    "self-test-inbox": "The daily test fails",
    "self-test-mail": "Mail is down",
    "disk-nearly-full": "The disk is full",
    "backup-overdue": "Backups are missing",
    "backup-not-copied": "Backups are missing",
    "clock-doubtful": "The clock is doubtful",
    "forwarded-headers-untrusted": "Forwarded headers arrive and nobody is trusted",
}

RAISED, ENDED = "alarm.raised", "alarm.ended"
WELL = "all-well"
REMIND_EVERY = timedelta(hours=24)
# What comes and goes makes four mails an hour at most, not one a minute.
SETTLES_WITHIN = timedelta(minutes=30)


def keep(codes, now):
    """Tell by mail of what has begun, or lasts for another day, and once that all is well again."""
    if not _news(codes, now):
        return
    with transaction.atomic():
        # PostgreSQL lets a second worker wait here, and then see what the first has told.
        WorkerBeat.objects.select_for_update().first()
        for action, code in _news(codes, now):
            event = audit.record(action, subject=code)
            outbox.owe("site_alarm", event.pk)
            log.warning("%s code=%s", action, code)


def _news(codes, now):
    """Return (action, code) of what has not been told yet."""
    # By subject, for which the trail has an index.
    told = AuditEvent.objects.filter(subject__in=(*ALARMS, WELL), action__in=(RAISED, ENDED))
    last = told.order_by("pk").last()
    if not codes:
        is_over = last and last.action == RAISED and abs(now - last.at) >= SETTLES_WITHIN
        return [(ENDED, WELL)] if is_over else []
    ended = told.filter(action=ENDED).order_by("pk").last()
    since = told.filter(action=RAISED, at__gt=now - REMIND_EVERY, pk__gt=ended.pk if ended else 0)
    # What lies far ahead was told before the clock was set back.
    known = set(since.filter(at__lt=now + REMIND_EVERY).values_list("subject", flat=True))
    return [(RAISED, code) for code in codes if code not in known]
