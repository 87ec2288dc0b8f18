"""From an empty site to a live one: what is still to be done. Each step is found out by looking."""

from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db.models import Case, Exists, F, OuterRef, Q, Subquery, When
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from appointments.models import AppointmentRequest
from appointments.models.choices import Source
from appointments.screening import GENERAL
from articles.models import CareCard
from articles.models.cards import Level
from clinic import facts, legal, trial_mail
from clinic.backup import history
from clinic.models import Backup, Clinic, Location, OpeningHours, Page, SelfTest
from clinic.site.demo import people
from clinic.site.second_factors import FACTORS
from staff.models import User

# Where the id of a draft would stand.
PUBLISHED = 0
UNNAMED = Clinic._meta.get_field("name").get_default()


@dataclass(frozen=True)
class Link:
    label: str | Promise
    url: str


@dataclass(frozen=True)
class Step:
    """What to do, why, and where; `command` is what an installer types instead."""

    label: str | Promise
    why: str | Promise
    is_done: bool
    links: tuple[Link, ...] = ()
    command: str = ""


def of(user):
    """Return the first steps for whoever sets the site up; none once all of them are done."""
    if not user.has_perm("clinic.change_clinic"):
        return []
    clinic = _look()
    parts = (_about_the_clinic, _about_requests, _about_care, _about_the_site, _about_safety)
    steps = [step for part in parts for step in part(clinic)]
    return [] if all(step.is_done for step in steps) else steps


def _look():
    """Return the clinic with everything that its first steps ask for, in one query."""
    looked = Clinic.objects.defer("snapshot").annotate(**_looks())
    clinic = looked.first()
    if clinic is None:
        # Nobody has stored any facts yet, and no worker has run.
        facts.publish()
        clinic = looked.get()
    return clinic


def _looks():
    persons = User.objects.filter(is_active=True)
    at_work = persons.filter(last_login__isnull=False).exclude(email__in=people.addresses())
    invented = AppointmentRequest.objects.filter(source=Source.DEMO)
    sees_requests = Q(is_superuser=True) | Q(groups__permissions__codename="view_appointmentrequest")
    has_factor = Exists(Authenticator.objects.filter(user=OuterRef("pk"), type__in=FACTORS))
    card = CareCard.objects.filter(slug=GENERAL[Level.EMERGENCY])
    copied = Backup.objects.filter(verified_at__isnull=False, copied_at__isnull=False)
    return {
        "has_demo": Exists(invented) | Exists(persons.filter(email__in=people.addresses())),
        # Its people stay as names in the audit trail.
        "had_demo": Exists(User.objects.filter(email__in=people.addresses())),
        "has_hours": Exists(OpeningHours.objects.all()),
        "has_plans": Exists(Location.insurance_plans.through.objects.all()),
        "has_silent_desk": Exists(Location.objects.filter(takes_online_requests=True, front_desk_emails="")),
        "card": Subquery(card.values("pk")),
        "has_approved_card": Exists(card.filter(live__signature__isnull=False)),
        "has_desk": Exists(at_work.filter(groups__name="Front desk")),
        "has_clinician": Exists(at_work.filter(groups__name__in=["Clinician", "Clinical lead"])),
        "has_single_factor": Exists(persons.filter(sees_requests, ~has_factor)),
        "has_backup": Exists(copied) & ~Exists(history.not_copied(timezone.now())),
        "has_test_mail": Exists(trial_mail.delivered()),
        "has_self_test": Exists(SelfTest.objects.filter(passed_at__isnull=False)),
        **{f"draft_of_{duty}": _draft_of(duty) for duty in legal.duties(settings.COUNTRY)},
    }


def _draft_of(duty):
    """Return for a legal notice the id of its draft, PUBLISHED, or nothing where there is no page."""
    draft = Case(When(live=None, then=F("pk")), default=PUBLISHED)
    return Subquery(Page.objects.filter(duty=duty).values(draft=draft))


def _about_the_clinic(clinic):
    page = Link(_("Clinic"), reverse("admin:clinic_clinic_change", args=[1]))
    if clinic.has_demo or clinic.had_demo:
        yield Step(
            _("Remove the demo clinic"),
            _("Readers take its people for real, and they can sign in. Whoever runs the server types:"),
            is_done=not clinic.has_demo,
            command="manage.py demo --remove",
        )
    yield Step(
        _("Say who you are"),
        _("Name and phone stand on every page, also when something fails."),
        is_done=clinic.name != UNNAMED and bool(clinic.phone),
        links=(page,),
    )
    yield Step(
        _("Add a location with its hours"),
        _("We promise patients a call within your open hours."),
        is_done=clinic.has_hours,
        links=(Link(_("Locations"), reverse("admin:clinic_location_changelist")),),
    )


def _about_requests(clinic):
    page = Link(_("Clinic"), reverse("admin:clinic_clinic_change", args=[1]))
    if clinic.asks_insurance:
        yield Step(
            _("List the insurance you accept"),
            _("Patients choose theirs in the form. Or switch the question off."),
            is_done=clinic.has_plans,
            links=(Link(_("Locations"), reverse("admin:clinic_location_changelist")), page),
        )
    yield Step(
        _("Say who is told"),
        _("A mail tells the front desk of each request, and someone of each alarm."),
        is_done=bool(clinic.alarm_emails) and (bool(clinic.front_desk_emails) or not clinic.has_silent_desk),
        links=(page,),
    )


def _about_care(clinic):
    yield Step(
        _("Let a clinician approve the emergency card"),
        _("Every patient reads it first. It is our default until one of you has signed it."),
        is_done=clinic.has_approved_card,
        links=(Link(_("Emergency card"), reverse("admin:articles_carecard_change", args=[clinic.card])),),
    )
    missing = tuple(_missing_notices(clinic))
    yield Step(
        _("Publish the legal notices"),
        _("The law asks for them. If you have such a page, choose there which notice it is."),
        is_done=not missing,
        links=missing,
    )
    yield Step(
        _("Bring in the first people"),
        _("It takes someone at the front desk and a clinician. Both have to sign in once."),
        is_done=clinic.has_desk and clinic.has_clinician,
        links=(Link(_("People"), reverse("admin:staff_user_changelist")),),
    )


def _missing_notices(clinic):
    """Yield the way to each page that the law of the country asks for and readers can't see yet."""
    for duty in legal.duties(settings.COUNTRY):
        draft = getattr(clinic, f"draft_of_{duty}")
        label = Page.Duty(duty).label
        if draft is None:
            yield Link(label, f"{reverse('admin:clinic_page_add')}?duty={duty}")
        elif draft != PUBLISHED:
            yield Link(label, reverse("admin:clinic_page_change", args=[draft]))


def _about_the_site(clinic):
    yield Step(
        _("Note who signed an agreement"),
        legal.agreement(settings.COUNTRY),
        is_done=bool(clinic.hosting_agreement_on and clinic.mail_agreement_on),
        links=(Link(_("Clinic"), reverse("admin:clinic_clinic_change", args=[1])),),
    )
    yield Step(
        _("Serve the site over HTTPS"),
        _("Else others can read what patients send. Whoever runs the server sets:"),
        is_done=settings.IS_HTTPS,
        command="SITE_URL=https://…",
    )
    yield Step(
        _("Send a test mail"),
        _("Requests are called about in time only if mail arrives."),
        is_done=clinic.has_test_mail,
        links=(Link(_("Outgoing mail"), reverse("admin:clinic_outboxmessage_changelist")),),
    )


def _about_safety(clinic):
    state = Link(_("This site"), reverse("admin:state"))
    yield Step(
        _("Give everyone who sees requests a second step"),
        _("A stolen password alone then opens nothing."),
        is_done=not clinic.has_single_factor,
        links=(Link(_("People"), reverse("admin:staff_user_changelist")),),
    )
    yield Step(
        _("Make a backup and copy it elsewhere"),
        _("A copy on the same machine is lost with it."),
        is_done=clinic.has_backup,
        links=(state,),
    )
    yield Step(
        _("Let the self-test pass"),
        _("It sends a request through form, inbox and mail, once a day."),
        is_done=clinic.has_self_test,
        links=(state,),
    )
