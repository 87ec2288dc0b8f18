"""Take the demo clinic away, and leave what the clinic has made of its own.

A row of the demo goes unless somebody has changed it (clinic.site.demo.belongings) or something that
stays points at it: a patient's request, an article of the clinic, a line of the audit trail.
"""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.admin.models import LogEntry
from django.db import transaction
from django.utils import timezone

from appointments.models import AppointmentRequest, ScreeningCount
from appointments.models.choices import Source
from appointments.models.mails import mails_about
from articles import related
from articles.models import (
    Article,
    ArticleEvent,
    CareCard,
    CareCardVersion,
    MistakeReport,
    Reminder,
    Revision,
    Signature,
    Topic,
    VisitCount,
    WorkingCopy,
)
from clinic import documents, facts, insert_only, picture_uses, pictures
from clinic.models import (
    Clinic,
    Closure,
    Document,
    InsurancePlan,
    Location,
    Notice,
    OpeningHours,
    OutboxMessage,
    Page,
    PageRevision,
    Picture,
    Redirect,
)
from clinic.site import indexing, leaving
from clinic.site.demo import belongings, people, places, tasks
from staff.models import AccountLink, Credential, Therapist, User

PROTECTED = ("articles_revision", "articles_revision_topics", "articles_signature", "clinic_pagerevision")
# What a row takes along; whatever else points at a row keeps it.
PARTS = {
    Topic: {Topic.featured.through, Topic.required_cards.through},
    Therapist: {Credential, Therapist.locations.through},
    Location: {OpeningHours, Location.insurance_plans.through},
    User: {AccountLink, Authenticator, EmailAddress, LogEntry, UserSession},
}


def remove():
    """Remove the demo clinic, and return a sentence for each of its rows that stays."""
    with transaction.atomic(), insert_only.lifted(*PROTECTED):
        stays = _remove()
    facts.publish()
    indexing.refresh_all()
    related.refresh(Topic.objects.all())
    people.logins_file().unlink(missing_ok=True)
    return stays


def _remove():
    stays = [f"{row} stays: it was changed since." for row in belongings.changed()]
    _remove_requests()
    _remove_counts()
    _remove_approvals()
    _remove_articles()
    _remove_pages()
    for model in (Notice, Closure):
        belongings.of(model).delete()
    Redirect.objects.filter(path=tasks.OLD_ADDRESS, target=tasks.NEW_ADDRESS).delete()
    _empty_facts()
    _let_people_go()
    # Should one of them stay, patients no longer find it.
    belongings.of(Therapist).update(is_listed=False)
    belongings.of(Location).update(takes_online_requests=False)
    for model in (Topic, Therapist, Location, InsurancePlan):
        stays += _remove_unused(belongings.of(model))
    _remove_pictures()
    return stays + _remove_unused(belongings.persons())


def _remove_requests():
    invented = AppointmentRequest.objects.filter(source=Source.DEMO)
    for request in invented:
        mails_about(request).delete()
    invented.delete()


def _remove_counts():
    """Remove the answers that were made up for the weeks before the demo was loaded, but no later ones."""
    newest = belongings.of(Picture).order_by("-created_at").first()
    loaded_on = newest and timezone.localdate(newest.created_at)
    # Where the site had counted before, the demo has added nothing.
    if newest and VisitCount.objects.filter(article__in=belongings.of(Article), day__lt=loaded_on).exists():
        ScreeningCount.objects.filter(day__lt=loaded_on).delete()


def _remove_approvals():
    """Take back what therapists of the demo approved: a card then shows the wording that we ship."""
    signatures = Signature.objects.filter(
        therapist__in=belongings.of(Therapist), card_version__isnull=False
    ).order_by()
    for version in CareCardVersion.objects.filter(signature__in=signatures).select_related("card"):
        shipped = version.card.versions.filter(is_shipped=True).first()
        CareCard.objects.filter(live=version).update(live=shipped)
    CareCardVersion.objects.filter(signature__in=signatures).update(signature=None)
    signatures.delete()


def _remove_articles():
    gone = list(belongings.of(Article).values_list("pk", flat=True))
    texts, events = Revision.objects.filter(article__in=gone), ArticleEvent.objects.filter(article__in=gone)
    signatures = Signature.objects.filter(revision__in=texts).order_by()
    kinds = {
        "sign_off_asked": events,
        "schedule_missed": events,
        "wording_corrected": signatures,
        "checks_due": Reminder.objects.filter(article__in=gone),
    }
    for kind, about in kinds.items():
        OutboxMessage.objects.filter(kind=kind, object_id__in=about.values("pk")).delete()
    for model in (WorkingCopy, MistakeReport, ArticleEvent):
        model.objects.filter(article__in=gone).delete()
    Article.objects.filter(pk__in=gone).update(status=Article.Status.DRAFT, live=None, latest=None)
    texts.update(signature=None)
    signatures.update(carried_from=None)
    signatures.delete()
    texts.delete()
    Article.objects.filter(pk__in=gone).delete()


def _remove_pages():
    for document in belongings.of(Document):
        documents.remove_file(document)
        document.delete()
    gone = list(belongings.of(Page).values_list("pk", flat=True))
    Page.objects.filter(pk__in=gone).update(live=None)
    PageRevision.objects.filter(page__in=gone).delete()
    Page.objects.filter(pk__in=gone).delete()


def _empty_facts():
    """Set back what still says what the demo said."""
    clinic = Clinic.objects.first() or Clinic()
    still = [name for name, said in places.CLINIC.items() if getattr(clinic, name) == said]
    for name in still:
        setattr(clinic, name, Clinic._meta.get_field(name).get_default())
    clinic.save()


def _let_people_go():
    """Let everybody of the demo leave; a profile that the clinic has made its own stays as it is."""
    persons = belongings.persons()
    made_own = Therapist.objects.exclude(pk__in=belongings.of(Therapist))
    made_own.filter(user__in=persons).update(user=None)
    for person in persons.filter(is_active=True):
        leaving.leave(person, by=person)
        User.objects.filter(pk=person.pk).update(name=f"Demo {person.name}")
        person.groups.clear()
        person.locations.clear()


def _remove_pictures():
    unused = belongings.of(Picture).exclude(pk__in=picture_uses.used_ids())
    for picture in unused:
        pictures.remove_files(picture)
    unused.delete()


def _remove_unused(rows):
    """Delete those rows at which nothing points, and return a sentence for each of the others."""
    stays = []
    for row in rows:
        pointing = _pointing_at(row)
        if pointing:
            stays.append(f"{row} stays: it is named by {', '.join(sorted(pointing))}.")
        else:
            row.delete()
    return stays


def _pointing_at(row):
    """Return the names of the models of which a row points at this one, its own parts left out."""
    relations = [field for field in row._meta.get_fields(include_hidden=True) if field.auto_created]
    return {
        # Of a row that joins two models, the one that has the list.
        str((relation.related_model._meta.auto_created or relation.related_model)._meta.verbose_name_plural)
        for relation in relations
        if relation.one_to_many or relation.one_to_one
        if relation.related_model not in PARTS.get(type(row), ())
        if relation.related_model._base_manager.filter(**{relation.field.name: row}).exists()
    }
