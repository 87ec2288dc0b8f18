"""Plain builders with boring defaults; a test names only what it is about."""

from datetime import date, time, timedelta
from itertools import count

from django.contrib.auth.models import Group
from django.utils import timezone
from PIL import Image

from appointments import intake
from appointments.models import AppointmentRequest
from appointments.models.choices import Channel, Outcome, Purpose, Status
from articles import publishing, signing, writing
from articles.models import Topic
from clinic import documents, picture_child, pictures
from clinic.models import Document, Location, OpeningHours
from staff.models import Credential, Therapist, User

PASSWORD = "quiet harbor morning"

_numbers = count(1)


def location(name="", *, weekdays=range(5), **fields):
    """A location open from 8 to 18 on the given weekdays."""
    number = next(_numbers)
    name = name or f"Place {number}"
    place = Location.objects.create(
        **{
            "name": name,
            "slug": f"place-{number}",
            "street": "1 Harbor Street",
            "city": "Harbor",
            "postal_code": "60601",
            "phone": "773 555 0110",
            "front_desk_emails": f"desk-{number}@harbor.example",
            **fields,
        }
    )
    OpeningHours.objects.bulk_create(
        OpeningHours(location=place, weekday=day, opens_at=time(8), closes_at=time(18)) for day in weekdays
    )
    return place


def user(role="", *, locations=(), **fields):
    """Someone who signs in with PASSWORD; `role` is a name of the table of roles."""
    number = next(_numbers)
    person = User.objects.create_user(
        **{
            "email": f"person-{number}@harbor.example",
            "password": PASSWORD,
            "name": f"Person {number}",
            **fields,
        }
    )
    if role:
        person.groups.add(Group.objects.get(name=role))
    person.locations.set(locations)
    return person


def therapist(name="Theo Okafor", **fields):
    return Therapist.objects.create(**{"name": name, "slug": f"therapist-{next(_numbers)}", **fields})


def clinician(name="Theo Okafor", *, expires_on=None, **fields):
    """A therapist who signs in and holds a license, in force unless it has expired."""
    profile = therapist(name, **{"suffix": "PT", "user": user("Clinician", name=name), **fields})
    profile.credentials.create(
        kind=Credential.Kind.LICENCE,
        name="Physical therapist license",
        abbreviation="PT",
        issuer="State Board",
        number=f"PT-{next(_numbers)}",
        issued_on=date(2010, 1, 4),
        expires_on=expires_on,
    )
    return profile


def picture(title="Picture", *, alt="A drawing.", **fields):
    drawn = picture_child.encode(Image.new("RGB", (80, 50), "teal"))
    return pictures.store(drawn, title=title, alt=alt, **fields)


def document(title="New patient form", **fields):
    form = Document(**{"title": title, "slug": f"form-{next(_numbers)}", **fields})
    documents.put_file(form, b"%PDF-1.4 %%EOF")
    form.save()
    return form


def topic(name="Low back and leg", *, cards=(), **fields):
    """A topic whose articles show these care cards."""
    subject = Topic.objects.create(**{"name": name, "slug": f"topic-{next(_numbers)}", **fields})
    subject.required_cards.set(cards)
    return subject


def text(**changes):
    """The fields of a text that needs only its author and main topic to be signed and published."""
    return {
        "title": "Sore heel",
        "summary": "A sore heel often eases within months.",
        "body": "<h2>What helps</h2><p>Stretching and patience.</p>",
        "sources": [{"title": "Heel pain guideline", "url": "https://guideline.example/heel", "year": 2023}],
        **changes,
    }


def article(*, kind="health", by=None, slug="", topics=(), was_public_before=False, now=None, **changes):
    """A draft that lacks nothing but a signature."""
    if "author" not in changes:
        changes["author"] = therapist("Mara Lindqvist", suffix="DPT")
    if "main_topic" not in changes:
        changes["main_topic"] = topic(f"Topic {next(_numbers)}")
    return writing.create(
        text(**changes),
        kind=kind,
        by=by or user("Editor"),
        slug=slug,
        topics=topics,
        was_public_before=was_public_before,
        now=now,
    )


def signed_article(*, signer=None, now=None, **fields):
    """A draft that another clinician has signed off."""
    draft = article(now=now, **fields)
    signing.sign_off(draft, by=(signer or clinician()).user, now=now)
    return draft


def published_article(*, signer=None, now=None, **fields):
    """An article on the site; a health article was checked by another clinician."""
    is_health = fields.get("kind", "health") == "health"
    draft = signed_article(signer=signer, now=now, **fields) if is_health else article(now=now, **fields)
    publishing.publish(draft, by=draft.created_by, now=now)
    return draft


def unchecked_article(**fields):
    """A health article on the site that nobody signed."""
    draft = article(**fields)
    publishing.publish(draft, by=user("Manager"))
    return draft


def leave_signed_out(client, person):
    """Let a person sign in with this browser, and out again."""
    client.post("/admin/login/", {"login": person.email, "password": PASSWORD})
    client.post("/admin/logout/")


def appointment_request(**fields):
    """A request received now and due in four hours, at a new location unless one is given."""
    now = timezone.now()
    number = next(_numbers)
    fields.setdefault("received_at", now)
    fields.setdefault("due_at", fields["received_at"] + timedelta(hours=4))
    fields.setdefault("alarm_at", fields["received_at"] + (fields["due_at"] - fields["received_at"]) * 0.75)
    if "location" not in fields:
        fields["location"] = location()
    if fields.get("status") == Status.CLOSED:
        fields = {"closed_at": now, "outcome": Outcome.DECLINED, **fields}
    if fields.get("quarantined_at"):
        fields.setdefault("surfaces_at", fields["quarantined_at"] + timedelta(hours=2))
    request = AppointmentRequest(
        **{
            "form_token": f"token-{number}",
            "answers_digest": f"{number:064}",
            "full_name": "Alma Reyes",
            "phone": "773 555 0140",
            "phone_e164": "+17735550140",
            "channel": Channel.PHONE,
            "purpose": Purpose.NEW,
            **fields,
        }
    )
    intake.open_link(request)
    request.save(force_insert=True)
    intake.renew_keys(request)
    return request
