"""Which rows are the demo's: as it made them, and changed by nobody of the clinic since."""

from itertools import chain

from django.db.models import Q

from appointments.models import AppointmentRequest
from appointments.models.choices import Source
from articles.models import Article, Revision, Topic, WorkingCopy
from clinic.models import (
    AuditEvent,
    Closure,
    Document,
    InsurancePlan,
    Location,
    Notice,
    Page,
    PageRevision,
    Picture,
)
from clinic.site.demo import documents, people, places, reading, tasks
from clinic.site.demo.pictures import NAMES
from staff.models import Therapist, User

CHANGES = ("setting.added", "setting.changed")


def persons():
    """Return the people of the demo, those included whom an earlier removal has switched off."""
    return User.objects.filter(email__in=people.addresses())


def is_there():
    """Tell whether the demo has requests here, or people who may sign in."""
    invented = AppointmentRequest.objects.filter(source=Source.DEMO)
    return invented.exists() or persons().filter(is_active=True).exists()


def of(model):
    """Return the rows of this model that are still as the demo made them."""
    rows = _named(model)
    return rows.exclude(pk__in=_changed(rows))


def changed():
    """Return every row that began as the demo's and was changed by somebody since."""
    for model in NAMES_OF:
        rows = _named(model)
        yield from rows.filter(pk__in=_changed(rows))


def _named(model):
    return model.objects.filter(NAMES_OF[model]())


def _changed(rows):
    """Return the ids of the rows that the clinic has made its own."""
    if rows.model in TEXTS:
        return set(TEXTS[rows.model]())
    # The audit trail names what is changed on the staff pages as it is shown.
    name, longest = rows.model._meta.verbose_name, AuditEvent._meta.get_field("subject").max_length
    subjects = {row.pk: f"{name} {row}"[:longest] for row in rows}
    events = AuditEvent.objects.filter(action__in=CHANGES, subject__in=set(subjects.values()))
    said = set(events.values_list("subject", flat=True))
    return [pk for pk, subject in subjects.items() if subject in said]


def _written_articles():
    # Those of nobody came by an import.
    by_others = Revision.objects.exclude(created_by__in=persons())
    in_hand = WorkingCopy.objects.exclude(holder__in=persons())
    return chain(*(texts.values_list("article", flat=True) for texts in (by_others, in_hand)))


def _written_pages():
    return PageRevision.objects.exclude(created_by__in=persons()).values_list("page", flat=True)


def _slugs(rows):
    return Q(slug__in=[row["slug"] for row in rows])


TEXTS = {Article: _written_articles, Page: _written_pages}
NAMES_OF = {
    Article: lambda: _slugs(facts for facts, _html in reading.texts("articles")),
    Page: lambda: _slugs(facts for facts, _html in reading.texts("pages")),
    Document: lambda: Q(slug__in=documents.FORMS),
    Topic: lambda: _slugs(reading.table("topics")),
    Therapist: lambda: _slugs(reading.table("therapists")) | Q(slug=tasks.OUTSIDE_REVIEWER),
    Location: lambda: _slugs((places.NORTHSIDE, places.MILL_ROAD)),
    InsurancePlan: lambda: Q(name__in=places.PLANS),
    Closure: lambda: Q(location=None, reason__in=places.HOLIDAYS),
    Notice: lambda: Q(text=tasks.NOTICE),
    Picture: lambda: Q(created_by=None, title__in=[name.replace("-", " ").title() for name in NAMES]),
}
