"""The first steps of a new site: each ticked by what is there, for managers, until all are done."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.urls import reverse
from django.utils import timezone

from appointments.models.choices import Source
from articles import cards
from articles.models import CareCard
from clinic import facts, legal, pages, trial_mail
from clinic.models import Backup, Clinic, InsurancePlan, Location, OutboxMessage, Page, SelfTest
from clinic.site import first_steps
from staff.models import User
from tests import builders

pytestmark = pytest.mark.django_db

DEMO, FACTS, HOURS, INSURANCE, TOLD = (
    "Remove the demo clinic",
    "Say who you are",
    "Add a location with its hours",
    "List the insurance you accept",
    "Say who is told",
)
CARD, NOTICES, PEOPLE, AGREEMENTS, HTTPS = (
    "Let a clinician approve the emergency card",
    "Publish the legal notices",
    "Bring in the first people",
    "Note who signed an agreement",
    "Serve the site over HTTPS",
)
MAIL, FACTORS, BACKUP, SELF_TEST = (
    "Send a test mail",
    "Give everyone who sees requests a second step",
    "Make a backup and copy it elsewhere",
    "Let the self-test pass",
)


def name_the_clinic():
    Clinic.objects.update_or_create(
        pk=1,
        defaults={"name": "Lakeside Physical Therapy", "phone": "773 555 0100"},
    )


def add_a_location():
    builders.location(front_desk_emails="")


def list_insurance():
    Location.objects.get().insurance_plans.add(InsurancePlan.objects.create(name="Prairie Mutual"))


def tell_desk_and_alarms():
    Clinic.objects.update(front_desk_emails="desk@clinic.example", alarm_emails="it@clinic.example")


def approve_the_card():
    lead = builders.clinician()
    cards.approve(CareCard.objects.get(slug="general-emergency").live, by=lead.user)


def publish_the_notices():
    for duty in legal.duties("US"):
        page = Page.objects.create(slug=duty.replace("_", "-"), duty=duty)
        text = {"title": duty, "summary": "", "description": "", "body": ""}
        pages.publish(page, pages.keep(page, **text, by=None), by=None)


def let_people_sign_in():
    for role in ("Front desk", "Clinician"):
        builders.user(role, last_login=timezone.now(), email=f"{role[0]}@clinic.example")


def sign_agreements():
    today = timezone.localdate()
    Clinic.objects.update(hosting_agreement_on=today, mail_agreement_on=today)


def deliver_a_test_mail():
    message = trial_mail.owe("it@clinic.example")
    OutboxMessage.objects.filter(pk=message.pk).update(sent_at=timezone.now())


def add_second_factors():
    for person in User.objects.filter(is_active=True):
        Authenticator.objects.create(user=person, type="webauthn", data={})


def back_up():
    Backup.objects.create(name="a", verified_at=timezone.now(), copied_at=timezone.now())


def stop_copying():
    earlier = timezone.now() - timedelta(hours=37)
    Backup.objects.update(started_at=earlier, copied_at=earlier)


def pass_the_self_test():
    SelfTest.objects.create(passed_at=timezone.now())


# In this order: second factors are for people who are there.
DOING = {
    FACTS: name_the_clinic,
    HOURS: add_a_location,
    INSURANCE: list_insurance,
    TOLD: tell_desk_and_alarms,
    CARD: approve_the_card,
    NOTICES: publish_the_notices,
    PEOPLE: let_people_sign_in,
    AGREEMENTS: sign_agreements,
    MAIL: deliver_a_test_mail,
    FACTORS: add_second_factors,
    BACKUP: back_up,
    SELF_TEST: pass_the_self_test,
}


@pytest.fixture(autouse=True)
def real_server(settings):
    settings.IS_HTTPS = True
    settings.BACKUP_COPY_TO = "backup@nas.example:clinic/"
    settings.EMAIL_BACKEND, settings.EMAIL_HOST = trial_mail.SMTP, "mail.clinic.example"


@pytest.fixture
def manager():
    return builders.user("Manager", email="owner@clinic.example")


def open_steps(user):
    return [str(step.label) for step in first_steps.of(user) if not step.is_done]


def test_on_an_empty_site_all_but_two_steps_are_to_do(manager):
    assert set(open_steps(manager)) == DOING.keys()


def test_each_step_is_ticked_by_what_was_done_and_the_last_one_ends_them(manager):
    left = []
    for do in DOING.values():
        do()
        left.append(open_steps(manager))

    done = list(DOING)
    assert [set(DOING) - set(still) for still in left] == [
        set(done[: number + 1]) for number in range(len(done))
    ]
    assert first_steps.of(manager) == []


@pytest.mark.parametrize(
    ("undo", "opened"),
    [
        (lambda: builders.appointment_request(source=Source.DEMO), DEMO),
        (lambda: builders.user("Editor", email="editor@harbor.example"), DEMO),
        (lambda: Clinic.objects.update(name="Physical therapy clinic"), FACTS),
        (lambda: Clinic.objects.update(alarm_emails=""), TOLD),
        (lambda: Clinic.objects.update(front_desk_emails=""), TOLD),
        (lambda: Page.objects.filter(duty="complaints").update(live=None), NOTICES),
        (lambda: Page.objects.filter(duty="complaints").update(duty=""), NOTICES),
        (lambda: User.objects.filter(email__startswith="F@").update(is_active=False), PEOPLE),
        (lambda: Clinic.objects.update(mail_agreement_on=None), AGREEMENTS),
        (lambda: Backup.objects.update(copied_at=None), BACKUP),
        (lambda: stop_copying(), BACKUP),
        (lambda: OutboxMessage.objects.update(sent_at=None), MAIL),
        (lambda: builders.user("Front desk"), FACTORS),
    ],
)
def test_what_is_undone_is_to_do_again(manager, undo, opened):
    for do in DOING.values():
        do()

    undo()

    assert open_steps(manager) == [opened]


def test_only_where_a_demo_was_loaded_is_it_to_be_removed(manager):
    never = first_steps.of(manager)
    person = builders.user("Editor", email="editor@harbor.example")
    loaded = first_steps.of(manager)
    User.objects.filter(pk=person.pk).update(is_active=False)
    removed = first_steps.of(manager)

    shown = [[step.is_done for step in steps if step.label == DEMO] for steps in (never, loaded, removed)]
    assert shown == [[], [False], [True]]


def test_mail_in_files_and_plain_http_are_not_enough(manager, settings):
    for do in DOING.values():
        do()

    settings.IS_HTTPS = False
    settings.EMAIL_BACKEND = "clinic.mail_files.EmailBackend"

    assert open_steps(manager) == [HTTPS, MAIL]


def test_a_clinic_that_does_not_ask_for_insurance_lists_none(manager):
    Clinic.objects.create(asks_insurance=False)

    assert INSURANCE not in open_steps(manager)


def test_a_desk_that_every_location_names_itself_is_told(manager):
    Clinic.objects.create(alarm_emails="it@clinic.example")
    builders.location(front_desk_emails="desk@clinic.example")

    assert TOLD not in open_steps(manager)


def test_a_missing_notice_leads_to_its_page_and_a_draft_to_itself(manager):
    draft = Page.objects.create(slug="help", duty="language_help")

    links = next(step.links for step in first_steps.of(manager) if step.label == NOTICES)

    add = reverse("admin:clinic_page_add")
    assert [link.url for link in links] == [
        f"{add}?duty=privacy_practices",
        f"{add}?duty=nondiscrimination",
        reverse("admin:clinic_page_change", args=[draft.pk]),
        *(f"{add}?duty={duty}" for duty in legal.duties("US")[3:]),
    ]


def test_every_link_of_a_step_opens(client, manager):
    client.force_login(manager)

    links = [link.url for step in first_steps.of(manager) for link in step.links]

    assert {client.get(url).status_code for url in links} == {200}


@pytest.mark.parametrize("role", ["Editor", "Clinician", "Front desk"])
def test_first_steps_are_for_managers(client, role):
    client.force_login(builders.user(role))

    page = client.get(reverse("admin:index"))

    assert (page.context["first_steps"], "First steps" in page.text) == ([], False)


def test_the_first_page_shows_them_to_a_manager_until_they_are_done(client, manager):
    client.force_login(manager)

    before = client.get(reverse("admin:index")).text
    for do in DOING.values():
        do()
    after = client.get(reverse("admin:index")).text

    assert ("First steps" in before, "First steps" in after) == (True, False)


@pytest.mark.parametrize("is_done", [False, True])
def test_the_steps_cost_one_query(manager, django_assert_num_queries, is_done):
    for do in DOING.values() if is_done else [name_the_clinic]:
        do()
    # Its rights are asked for once a request, by whoever comes first.
    manager.has_perm("clinic.change_clinic")

    with django_assert_num_queries(1):
        first_steps.of(manager)


@pytest.mark.parametrize("path", ["/", "/articles/", "/staff/", "/locations/", "/appointments/"])
def test_an_empty_site_shows_no_broken_page_and_no_demo(client, path):
    page = client.get(path)

    assert page.status_code == 200
    assert [word in page.text for word in ("Harbor", "Northside", "555")] == [False] * 3


def test_a_site_without_locations_takes_no_requests_and_names_no_phone_it_lacks(client):
    without = client.get("/appointments/").text
    Clinic.objects.create(phone="773 555 0100")
    facts.publish()
    with_phone = client.get("/appointments/").text

    said = ("We take no requests yet.", "Call us instead.", "You can also call us")
    assert [words in without for words in said] == [True, False, False]
    assert [words in with_phone for words in said] == [False, True, True]
