"""The library of pictures: what is in use stays, and one picture takes the place of another everywhere."""

import io

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image

from articles import publishing, rendering, writing
from articles.models import Article, Revision
from articles.steps import Refused
from clinic import facts, picture_uses, pictures
from clinic.models import AuditEvent, Clinic, Picture
from tests import builders

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client):
    person = builders.user("Editor")
    client.force_login(person)
    return person


@pytest.fixture
def old():
    return builders.picture("Old foot")


@pytest.fixture
def new():
    return builders.picture("New foot", alt="A bare foot.")


def url(name, *args):
    return reverse(f"admin:clinic_picture_{name}", args=args)


def figure(picture, alt='alt="A foot"'):
    return f'<h2>What helps</h2><figure><img data-picture="{picture.pk}" {alt}></figure><p>Patience.</p>'


def file_names(picture):
    return [picture.file.name, *map(picture.copy_name, picture.widths)]


def upload(name="sore_heel-2.png"):
    buffer = io.BytesIO()
    Image.new("RGB", (900, 600), "teal").save(buffer, "PNG")
    return SimpleUploadedFile(name, buffer.getvalue())


def keep(article, by, **changes):
    text = {name: getattr(article.latest, name) for name in writing.FIELDS} | changes
    return writing.keep(article, text, topics=article.latest.topics.all(), by=by, based_on=article.latest)


# where it is shown


def in_a_lead(picture):
    builders.article(title="Sore heel", lead_picture=picture)


def in_a_text(picture):
    builders.article(title="Sore heel", body=figure(picture))


def in_a_text_of_the_past(picture):
    keep(
        builders.article(title="Sore heel", lead_picture=picture), builders.user("Editor"), lead_picture=None
    )


def in_an_unsaved_text(picture):
    article = builders.article(title="Sore heel")
    text = builders.text(body=figure(picture))
    writing.set_aside(article, text, topics=(), by=builders.user("Editor"), version=0)


def on_the_home_page(picture):
    Clinic.objects.create(name="Harbor", hero=picture)


def at_a_location(picture):
    builders.location("Northside", picture=picture)


def as_a_photo(picture):
    builders.therapist("Mara Lindqvist", photo=picture)


PLACES = {
    in_a_lead: ("Article", "Sore heel"),
    in_a_text: ("Article", "Sore heel"),
    in_a_text_of_the_past: ("Article", "Sore heel"),
    in_an_unsaved_text: ("Article", "Sore heel"),
    on_the_home_page: ("Clinic", "Harbor"),
    at_a_location: ("Location", "Northside"),
    as_a_photo: ("Therapist", "Mara Lindqvist"),
}


@pytest.mark.parametrize("show", PLACES)
def test_what_is_in_use_says_where_and_cannot_be_deleted(client, editor, old, new, show):
    show(old)

    page = client.get(url("change", old.pk))
    refused = client.post(url("delete", old.pk), {"post": "yes"})
    refused_in_list = client.post(
        url("changelist"), {"action": "delete_selected", "_selected_action": [old.pk], "post": "yes"}
    )

    assert [(use.kind, use.label) for use in picture_uses.of(old)] == [PLACES[show]]
    assert picture_uses.used_ids() == {old.pk}
    assert [(use.kind, use.label) for use in page.context["uses"]] == [PLACES[show]]
    assert "deletelink" not in page.text
    assert "This picture is in use" in refused.text
    assert len(refused_in_list.context["protected"]) == 1
    assert Picture.objects.filter(pk=old.pk).exists()


def test_a_text_that_writes_about_the_markup_of_a_picture_does_not_show_it(old):
    builders.article(body=f'<p>Write data-picture="{old.pk}" there.</p>')

    assert (picture_uses.of(old), picture_uses.used_ids()) == ([], set())


def test_a_picture_of_a_longer_number_is_another_picture(old):
    builders.article(body=f'<figure><img data-picture="{old.pk}0" alt=""></figure><p>a</p>')

    assert picture_uses.of(old) == []


@pytest.mark.parametrize("from_list", [False, True])
def test_what_is_shown_nowhere_is_deleted_with_its_files(
    client, editor, old, django_capture_on_commit_callbacks, from_list
):
    names = file_names(old)
    assert [default_storage.exists(name) for name in names] == [True, True]
    page = client.get(url("change", old.pk))

    with django_capture_on_commit_callbacks() as callbacks:
        if from_list:
            chosen = {"action": "delete_selected", "_selected_action": [old.pk], "post": "yes"}
            client.post(url("changelist"), chosen)
        else:
            client.post(url("delete", old.pk), {"post": "yes"})
    kept_before_commit = [default_storage.exists(name) for name in names]
    for callback in callbacks:
        callback()

    assert "deletelink" in page.text
    assert Picture.objects.count() == 0
    assert (kept_before_commit, [default_storage.exists(name) for name in names]) == (
        [True, True],
        [False, False],
    )


def test_the_library_finds_what_is_shown_nowhere_and_what_lacks_a_permission(client, editor, old, new):
    in_a_lead(old)
    builders.picture("Class", shows_people=True)
    builders.picture("Team", shows_people=True, consent="Drawer 3")

    def listed(**query):
        return {picture.title for picture in client.get(url("changelist"), query).context["cl"].result_list}

    assert listed(use="none") == {"New foot", "Class", "Team"}
    assert listed(use="some") == {"Old foot"}
    assert listed(people="lacking") == {"Class"}
    assert listed(q="old") == {"Old foot"}


# another picture instead


def test_replacing_makes_drafts_of_articles_and_changes_facts_at_once(old, new):
    boss = builders.user(is_superuser=True)
    lead, text = builders.published_article(lead_picture=old), builders.published_article(body=figure(old))
    on_the_home_page(old)
    at_a_location(old)
    as_a_photo(old)

    changed, stayed = picture_uses.replace(old, new, by=boss)

    assert (len(changed), stayed) == (5, [])
    for article in (lead, text):
        article.refresh_from_db()
        newest = article.latest
        assert (article.status, newest.number, newest.created_by, newest.reason) == (
            Article.Status.DRAFT, 2, boss, "Picture replaced",
        )  # fmt: skip
        assert (newest.signature, article.live.number) == (None, 1)
    assert lead.latest.lead_picture == new
    assert f'<img data-picture="{new.pk}" alt="A bare foot." src="{new.url}">' in text.latest.body
    assert new.url in text.latest.html
    assert [use.kind for use in picture_uses.of(new)] == [
        "Clinic",
        "Location",
        "Therapist",
        "Article",
        "Article",
    ]
    assert facts.load()["hero"]["url"] == new.url
    assert AuditEvent.objects.filter(action="picture.replaced", count=5, actor=boss).count() == 1


@pytest.mark.parametrize(("before", "alt", "after"), [
    ('alt=""', "A bare foot.", ' alt=""'),
    ("", "A bare foot.", ' alt="A bare foot."'),
    ('alt="A foot"', "", ""),
])  # fmt: skip
def test_decoration_stays_decoration_and_words_of_the_old_picture_go(editor, old, before, alt, after):
    article = builders.article(body=figure(old, before))
    new = builders.picture(alt=alt)

    picture_uses.replace(old, new, by=editor)

    article.refresh_from_db()
    assert f'<img data-picture="{new.pk}"{after} src="{new.url}">' in article.latest.body


def held(old, editor):
    article = builders.article(title="Held", lead_picture=old)
    writing.set_aside(article, builders.text(), topics=(), by=builders.user("Editor", name="Dana"), version=0)


def archived(old, editor):
    publishing.archive(builders.published_article(title="Archived", lead_picture=old), by=editor)


def in_the_past(old, editor):
    keep(builders.article(title="Past", lead_picture=old), editor, lead_picture=None)


def of_another_role(old, editor):
    at_a_location(old)


@pytest.mark.parametrize(("make", "said"), [
    (held, "stays: Dana is writing on it"),
    (archived, "stays: it is archived"),
    (in_the_past, "stays: its newest text does not show it"),
    (of_another_role, "stays: your role may not change it"),
])  # fmt: skip
def test_what_stays_is_said_before_and_after(client, editor, old, new, make, said):
    make(old, editor)
    builders.article(title="Sprained ankle", lead_picture=old)
    texts = Revision.objects.count()
    [label] = [use.label for use in picture_uses.of(old) if use.label != "Sprained ankle"]

    before = client.get(url("replace", old.pk))
    after = client.post(url("replace", old.pk), {"new": new.pk}, follow=True)

    assert said in before.text
    assert "gets a draft with the other picture" in before.text
    assert Revision.objects.count() == texts + 1
    assert list(map(str, after.context["messages"])) == [
        "Now with the other picture: Sprained ankle.", f"As before: {label}.",
    ]  # fmt: skip


def test_a_place_is_a_link_for_those_who_may_see_it(client, editor, old):
    in_a_lead(old)
    at_a_location(old)

    links = [
        f'<a href="{use.url}">' in client.get(url("change", old.pk)).text for use in picture_uses.of(old)
    ]

    assert [use.kind for use in picture_uses.of(old)] == ["Location", "Article"]
    assert links == [False, True]


def test_a_picture_does_not_take_its_own_place(client, editor, old):
    in_a_lead(old)

    response = client.post(url("replace", old.pk), {"new": old.pk})

    assert list(response.context["form"].errors) == ["new"]
    assert Revision.objects.count() == 1


# what the editor of texts asks for


def test_the_editor_uploads_a_picture_and_gets_what_it_needs_to_insert_it(client, editor):
    response = client.post(url("upload"), {"file": upload(), "alt": "A heel."})

    picture = Picture.objects.get()
    assert (response.status_code, picture.created_by) == (201, editor)
    assert response.json() == {
        "id": picture.pk, "url": picture.url, "srcset": picture.srcset, "width": 900, "height": 600,
        "alt": "A heel.", "title": "Sore heel 2",
    }  # fmt: skip
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize(("form", "error"), [
    ({}, "Choose a picture."),
    ({"file": SimpleUploadedFile("a.jpg", b"GIF89a")}, str(pictures.REFUSALS["unreadable"])),
    ({"file": SimpleUploadedFile("a.jpg", b"")}, str(pictures.REFUSALS["unreadable"])),
])  # fmt: skip
def test_a_refused_upload_is_one_sentence(client, editor, form, error):
    response = client.post(url("upload"), form)

    assert (response.status_code, response.json()) == (400, {"error": error})
    assert Picture.objects.count() == 0


def test_the_editor_turns_the_pages_of_the_library_and_searches_it(client, editor):
    first = builders.picture("A foot", alt="A bare foot.")
    for number in range(24):
        builders.picture(f"Knee {number}")

    newest = client.get(url("choose")).json()
    oldest = client.get(url("choose"), {"page": newest["next"]}).json()
    found = client.get(url("choose"), {"q": "bare foot", "page": "nonsense"}).json()

    assert (len(newest["pictures"]), newest["next"], oldest["next"]) == (24, 2, None)
    assert oldest == found
    assert found["pictures"] == [
        {
            "id": first.pk, "url": first.url, "srcset": first.srcset, "width": 80, "height": 50,
            "alt": "A bare foot.", "title": "A foot", "thumb": first.thumbnail_url,
        }
    ]  # fmt: skip


@pytest.mark.parametrize(("name", "title"), [
    ("IMG_0042.JPG", "IMG 0042"),
    ("../../etc/knee  bend.png", "Knee bend"),
    ("колено.jpg", "Колено"),
    ("-.png", "Picture"),
    (f"{'a' * 150}.png", "A" + "a" * 99),
])  # fmt: skip
def test_an_upload_is_named_after_its_file(name, title):
    assert pictures.title_of(name) == title


# what readers get


@pytest.mark.parametrize("place", ["lead", "body"])
def test_i17_a_text_with_people_whose_permission_is_missing_stays_in(place):
    people = builders.picture("Class", shows_people=True)
    shown = {"lead_picture": people} if place == "lead" else {"body": figure(people)}
    article = builders.signed_article(**shown)

    with pytest.raises(Refused, match="Class"):
        publishing.publish(article, by=article.created_by)
    Picture.objects.filter(pk=people.pk).update(consent="Drawer 3")
    publishing.publish(article, by=article.created_by)

    article.refresh_from_db()
    assert article.is_public


@pytest.mark.parametrize(("caption", "credit", "in_text", "shown"), [
    ("", "", "", ""),
    ("A chair.", "", "", "<figcaption>A chair.</figcaption>"),
    ("A chair.", "Ana", "", "<figcaption>A chair. Picture: Ana</figcaption>"),
    ("", "Ana & Co", "", "<figcaption>Picture: Ana &amp; Co</figcaption>"),
    ("A chair.", "", "<figcaption>Mine</figcaption>", "<figcaption>Mine</figcaption>"),
    ("A chair.", "Ana", "<figcaption>Mine</figcaption>", "<figcaption>Mine Picture: Ana</figcaption>"),
])  # fmt: skip
def test_a_figure_has_the_caption_of_its_text_else_of_the_library_and_the_credit(
    caption, credit, in_text, shown
):
    picture = builders.picture(caption=caption, credit=credit)

    html = rendering.ready(f'<figure><img data-picture="{picture.pk}" alt="">{in_text}</figure>')

    assert html.partition('loading="lazy">')[2] == f"{shown}</figure>"


@pytest.mark.parametrize(("point", "classes"), [
    ((50, 50), ""), ((33, 50), "focus-x-30"), ((0, 100), "focus-x-0 focus-y-100"), ((47, 52), ""),
])  # fmt: skip
def test_the_focal_point_is_a_class_in_steps_of_ten(client, point, classes):
    photo = builders.picture(focal_x=point[0], focal_y=point[1])
    Clinic.objects.create(hero=photo)
    therapist = builders.therapist(photo=photo)
    facts.publish()

    drawn = f'class="{classes}" src="{photo.url}"' if classes else f'<img src="{photo.url}"'
    assert photo.focus == facts.load()["hero"]["focus"] == classes
    assert drawn in client.get("/").text
    assert drawn in client.get(therapist.get_absolute_url()).text


def test_the_library_tells_what_shows_each_picture_and_what_it_lacks(client, editor, old, new):
    builders.location(picture=new)
    keep(builders.article(), editor, body=figure(new))
    old.alt, old.shows_people = "", True
    old.save()

    page = client.get(url("changelist"))

    shown_by = {picture: picture.shown_by for picture in page.context["cl"].result_list}
    assert {picture: sorted(map(str, kinds)) for picture, kinds in shown_by.items()} == {
        new: ["Article", "Location"],
        old: [],
    }
    assert [page.text.count(flag) for flag in ("No alternative text", "Permission missing")] == [1, 1]


def test_the_library_costs_the_same_queries_for_one_picture_and_for_thirty(client, editor):
    builders.picture()
    with CaptureQueriesContext(connection) as one:
        client.get(url("changelist"))
    for number in range(29):
        builders.picture(f"Picture {number}")

    with CaptureQueriesContext(connection) as thirty:
        client.get(url("changelist"))

    assert len(thirty) == len(one)
