"""`demo --remove`: all of the demo goes, and nothing that the clinic has made of its own."""

import subprocess
import sys

import pytest
from django.db import DatabaseError, transaction

from articles import writing
from articles.models import Article, Revision
from clinic import insert_only
from clinic.models import AuditEvent, Page
from clinic.site.demo import belongings
from tests import builders
from tests.stack.site import PROJECT

EMPTY = """
appointments_appointmentrequest appointments_requestevent appointments_searchkey
appointments_screeningcount articles_article articles_articleevent articles_mistakereport
articles_revision articles_signature articles_topic articles_visitcount clinic_closure
clinic_document clinic_insuranceplan clinic_location clinic_notice clinic_openinghours
clinic_page clinic_pagerevision clinic_picture clinic_redirect clinic_searchentry
staff_credential staff_therapist staff_user_groups staff_user_locations
""".split()
# What the clinic has begun for real, beside and upon the demo.
OWN = """
from django.utils import timezone
from articles import writing
from articles.models import Article, Topic
from clinic import audit, facts
from clinic.models import Clinic, Closure, InsurancePlan, Location, Picture
from staff.models import Therapist, User
from tests import builders

northside, mill_road = Location.objects.get(slug="northside"), Location.objects.get(slug="mill-road")
lee = builders.user("Editor", name="Lee Own", email="lee@clinic.example")
june = Therapist.objects.get(slug="june-park")
builders.appointment_request(location=northside, full_name="Rosa Own", therapist=june)
heel = Topic.objects.get(slug="foot-and-ankle")
picture, kim = Picture.objects.get(title="Heel"), builders.therapist("Kim Own")
builders.article(by=lee, slug="own", author=kim, main_topic=heel, topics=[heel], lead_picture=picture)
demo = Article.objects.get(slug="sore-heel")
text = builders.text(title="Our sore heel", author=demo.latest.author, main_topic=heel)
writing.keep(demo, text, topics=[heel], by=lee, based_on=demo.latest)
Clinic.objects.update(phone="773 555 0100")
Location.objects.filter(pk=mill_road.pk).update(street="5 Own Street")
audit.record("setting.changed", actor=lee, subject="location Mill Road")
Closure.objects.create(location=mill_road, first_day="2027-01-04", last_day="2027-01-04", reason="Own day")
"""


def rows(site, table, columns="count(*)", where="1 = 1"):
    return site.sql(f"SELECT {columns} FROM {table} WHERE {where} ORDER BY 1")


def names(site, table, column):
    return [name for (name,) in rows(site, table, column)]


def protections(site):
    """Return the triggers that are in force, as the database tells them."""
    if site.database.vendor == "sqlite":
        return rows(site, "sqlite_master", "name, sql", "type = 'trigger'")
    return rows(site, "pg_trigger", "tgname, tgenabled", "NOT tgisinternal")


def test_the_demo_goes_and_its_people_stay_as_names_in_the_trail(stack):
    before = protections(stack)
    seen = stack.number("SELECT count(*) FROM clinic_auditevent")

    said = stack.manage("demo", "--remove", "--yes").stdout

    counts = {table: stack.number(f"SELECT count(*) FROM {table}") for table in EMPTY}
    assert counts == dict.fromkeys(EMPTY, 0)
    clinic = rows(stack, "clinic_clinic", "name, headline, phone, email, front_desk_emails")
    assert clinic == [("Physical therapy clinic", "", "", "", "")]
    people = rows(stack, "staff_user", "name, is_active")
    assert {(name.split()[0], bool(may_sign_in)) for name, may_sign_in in people} == {("Demo", False)}
    assert len(people) == said.count("stays")
    assert stack.number("SELECT count(*) FROM articles_carecard WHERE live_id IS NOT NULL") > 3
    left = rows(stack, "clinic_auditevent", "count(*)", "action = 'person.left'")[0][0]
    assert (left, stack.number("SELECT count(*) FROM clinic_auditevent")) == (len(people), seen + left)
    assert protections(stack) == before
    assert list(stack.folder.rglob("media/*/*")) == []
    assert not (stack.folder / "demo-logins.txt").exists()


def test_what_the_clinic_has_made_of_its_own_stays(stack):
    stack.manage("shell", "-v0", "-c", OWN)

    said = stack.manage("demo", "--remove", "--yes").stdout.splitlines()

    assert said[0] == (
        "Everything of the demo clinic goes. These stay:"
        " 1 real appointment requests, 2 articles of your own, 1 people of your own."
    )
    assert names(stack, "appointments_appointmentrequest", "full_name") == ["Rosa Own"]
    assert names(stack, "articles_article", "slug") == ["own", "sore-heel"]
    assert rows(stack, "staff_user", "name", "is_active") == [("Lee Own",)]
    # What these point at: a request and an article with their people, places, pictures and topic.
    assert names(stack, "clinic_location", "name") == ["Mill Road", "Northside"]
    assert rows(stack, "clinic_location", "takes_online_requests", "slug = 'northside'") == [(False,)]
    assert names(stack, "staff_therapist", "name") == ["June Park", "Kim Own", "Theo Okafor"]
    assert names(stack, "articles_topic", "slug") == ["foot-and-ankle"]
    assert names(stack, "clinic_picture", "title") == [
        "Heel",
        "Location Mill Road",
        "Location Northside",
        "Portrait June Park",
        "Portrait Theo Okafor",
    ]
    assert names(stack, "clinic_closure", "reason") == ["Own day"]
    assert rows(stack, "clinic_clinic", "name, phone") == [("Physical therapy clinic", "773 555 0100")]
    assert [line for line in said if "Mill Road" in line or "Northside" in line] == [
        "Mill Road stays: it was changed since.",
        "Northside stays: it is named by appointment requests, therapists.",
    ]


def test_an_approval_by_a_therapist_of_the_demo_is_taken_back(stack):
    approve = (
        "from articles import cards; from articles.models import CareCard; from staff.models import User;"
        "cards.approve(CareCard.objects.get(slug='general-emergency').live,"
        " by=User.objects.get(email='theo.okafor@harbor.example'))"
    )
    stack.manage("shell", "-v0", "-c", approve)

    stack.manage("demo", "--remove", "--yes")

    live = "articles_carecard c JOIN articles_carecardversion v ON v.id = c.live_id"
    assert rows(stack, live, "v.is_shipped, v.signature_id", "c.slug = 'general-emergency'") == [(True, None)]
    assert names(stack, "staff_therapist", "name") == []


def test_another_name_than_the_clinics_removes_nothing(stack):
    refused = subprocess.run(
        [sys.executable, "manage.py", "demo", "--remove"],
        cwd=PROJECT,
        env=stack.environment,
        input="Harbor\n",
        capture_output=True,
        text=True,
    )

    assert refused.returncode == 1
    assert refused.stderr.endswith("CommandError: That is not the name, so nothing was removed.\n")
    assert stack.number("SELECT count(*) FROM appointments_appointmentrequest") == 40


@pytest.mark.faults
def test_a_removed_demo_can_be_loaded_again(stack):
    tables = ("appointments_appointmentrequest", "articles_article", "clinic_page", "staff_therapist")
    before = {table: stack.number(f"SELECT count(*) FROM {table}") for table in tables}
    stack.manage("demo", "--remove", "--yes")

    stack.manage("demo")

    assert {table: stack.number(f"SELECT count(*) FROM {table}") for table in tables} == before
    assert rows(stack, "staff_user", "count(*)", "NOT is_active OR name LIKE 'Demo%'") == [(0,)]


@pytest.mark.django_db
def test_an_imported_article_that_is_called_like_one_of_the_demo_is_the_clinics():
    demo = builders.article(slug="sore-heel", by=builders.user("Editor", email="editor@harbor.example"))
    text = builders.text(author=builders.therapist(), main_topic=builders.topic())
    writing.create(text, kind="health", by=None, slug="knee-pain-on-stairs", reason=Revision.IMPORTED)

    assert list(belongings.of(Article)) == [demo]


@pytest.mark.django_db
def test_protection_is_lifted_for_one_table_and_back_afterwards():
    page = Page.objects.create(slug="about")
    text = page.revisions.create(number=1, title="About")
    event = AuditEvent.objects.create(action="kept")

    with pytest.raises(DatabaseError), transaction.atomic():
        text.delete()
    with transaction.atomic(), insert_only.lifted("clinic_pagerevision"):
        with pytest.raises(DatabaseError), transaction.atomic():
            event.delete()
        text.delete()
    again = page.revisions.create(number=1, title="About")

    with pytest.raises(DatabaseError), transaction.atomic():
        again.delete()


@pytest.mark.django_db
def test_protection_is_back_when_something_goes_wrong_meanwhile():
    page = Page.objects.create(slug="about")
    text = page.revisions.create(number=1, title="About")

    with pytest.raises(ZeroDivisionError), transaction.atomic(), insert_only.lifted("clinic_pagerevision"):
        text.delete()
        1 / 0  # noqa: B018

    with pytest.raises(DatabaseError), transaction.atomic():
        page.revisions.get().delete()
