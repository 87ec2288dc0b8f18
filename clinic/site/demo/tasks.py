"""What a day at the demo clinic leaves behind: a notice, a reported mistake, an old address, a set time."""

from datetime import timedelta

from django.utils import timezone

from articles import mistakes, reminders, schedule
from articles.models import Article, MistakeReport
from clinic import redirects
from clinic.models import Notice
from staff.models import Credential, Therapist

NOTICE = "The garage fills up on market days. Come ten minutes early."
OLD_ADDRESS, NEW_ADDRESS = "/services/knee-pain/", "/articles/knee-pain-on-stairs/"
OUTSIDE_REVIEWER = "avery-stone"
MISTAKE = "The text says to hold for 20 to 30 seconds, four times. I was told three times. Which is right?"


def load(places, *, by):
    """Store each of them once."""
    now = timezone.now()
    Notice.objects.get_or_create(
        location=places["mill-road"],
        text=NOTICE,
        defaults={"shown_until": now + timedelta(days=30)},
    )
    if not MistakeReport.objects.exists():
        mistakes.report(Article.objects.select_related("live").get(slug="knee-pain-on-stairs"), MISTAKE)
    redirects.lead(OLD_ADDRESS, NEW_ADDRESS)
    hours = Article.objects.select_related("latest", "live").get(slug="saturday-hours-at-northside")
    if hours.archive_at is None and hours.is_public:
        schedule.archive_at(hours, now + timedelta(days=60), target="/locations/northside/", by=by)
    # Told already, so that the worker's first round sends no mail about invented articles.
    reminders.remind(now)


def load_outside_reviewer():
    """Store a colleague from elsewhere who checks texts by mail, without a login."""
    reviewer, _ = Therapist.objects.update_or_create(
        slug=OUTSIDE_REVIEWER,
        defaults={
            "name": "Avery Stone",
            "suffix": "PT, PhD",
            "job_title": "Physical therapist, outside reviewer",
            "review_email": "avery.stone@reviewer.example",
            "is_outside": True,
            "is_listed": False,
            "takes_new_patients": False,
        },
    )
    Credential.objects.get_or_create(
        therapist=reviewer,
        kind=Credential.Kind.LICENCE,
        name="Physical therapist license",
        issuer="Demo State Board of Physical Therapy",
        number="DEMO-PT-2207",
        defaults={
            "abbreviation": "PT",
            "issued_on": timezone.localdate() - timedelta(days=4000),
            "expires_on": timezone.localdate() + timedelta(days=700),
        },
    )
