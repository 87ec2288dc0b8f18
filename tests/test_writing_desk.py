"""What the desk does while somebody writes: keeps the text, checks it, shows it."""

import pytest
from django.urls import reverse

from articles import writing
from articles.models import WorkingCopy
from tests import builders
from tests.test_article_desk import BODY, address, filled_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor():
    return builders.user("Editor", name="Nils Berger")


@pytest.fixture
def signed_in(client):
    """Return a function that signs a person in and returns the client."""

    def sign_in(person):
        client.force_login(person)
        return client

    return sign_in


def autosave(page, article, **changes):
    return page.post(address(article, "autosave"), filled_in(article, **changes))


# Keeping the text


def test_what_is_typed_is_kept_out_of_the_history(signed_in, editor):
    article = builders.article(body=BODY)
    page = signed_in(editor)

    first = autosave(page, article, title="Heel pa").json()
    second = autosave(page, article, title="Heel pain", version=first["version"]).json()

    copy = WorkingCopy.objects.get()
    assert (copy.title, copy.version, article.revisions.count()) == ("Heel pain", second["version"], 1)
    assert (second["version"], second["holder"], second["conflict"]) == (2, "Nils Berger", None)


def test_the_answer_brings_checks_grade_words_and_the_address_of_the_preview(signed_in, editor):
    article = builders.article(body=BODY)

    answer = autosave(
        signed_in(editor), article, summary="", body="<p>It is guaranteed to help you walk.</p>"
    ).json()

    found = {(check["level"], check["field"]) for check in answer["checks"]}
    assert {("block", "summary"), ("warn", "body")} <= found
    assert (answer["words"], answer["preview_url"]) == (7, address(article, "preview"))
    assert answer["grade"] > 0
    assert "Write the lead." in answer["panel"]


def test_the_page_shows_the_checks_that_the_answer_brings(signed_in, editor):
    article = builders.article(body=BODY)
    page = signed_in(editor)

    panel = autosave(page, article, summary="").json()["panel"]

    assert panel in page.get(address(article)).content.decode()


def test_a_text_without_a_title_is_kept_too(signed_in, editor):
    article = builders.article(body=BODY)

    answer = autosave(signed_in(editor), article, title="")

    assert (answer.status_code, WorkingCopy.objects.get().title) == (200, "")


def test_a_source_stays_however_often_it_is_saved(signed_in, editor):
    article = builders.article(body=BODY, sources=[])
    page = signed_in(editor)
    row = {"sources-TOTAL_FORMS": 1, "sources-0-title": "Heel pain guideline"}

    for version in range(3):
        autosave(page, article, version=version, **row)

    assert WorkingCopy.objects.get().sources == [{"title": "Heel pain guideline"}]


def test_what_cannot_be_kept_is_said_and_the_rest_is_kept_A11(signed_in, editor):
    article = builders.article(body=BODY)
    mistakes = {"description": "x" * 161, "body": "x" * 500_001, "sources-0-year": 1066}

    answer = autosave(signed_in(editor), article, title="Heel pain", **mistakes).json()

    copy = WorkingCopy.objects.get()
    assert answer["errors"] == [
        "Text: This text is longer than 500 kB. Split it into two articles.",
        "Description for search engines: Shorten this to 160 characters. It has 161.",
        "Look at the sources: a row is not complete.",
        "Year: Enter 1900 or more.",
    ]
    assert (copy.title, copy.body, copy.description) == ("Heel pain", BODY, "")


def test_the_second_of_two_tabs_is_told_and_overwrites_nothing_A18(signed_in, editor):
    article = builders.article(body=BODY)
    page = signed_in(editor)
    autosave(page, article, title="In the first tab")

    answer = autosave(page, article, title="In the second tab")
    comparison = page.post(
        answer.json()["conflict"]["compare_url"], filled_in(article, title="In the second tab")
    )

    assert (answer.status_code, answer.json()["conflict"]["who"]) == (409, "Nils Berger")
    assert WorkingCopy.objects.get().title == "In the first tab"
    assert (comparison.status_code, comparison.context["conflict"]["is_mine"]) == (409, True)
    assert comparison.context["form"]["title"].value() == "In the second tab"


def test_what_was_typed_before_a_save_elsewhere_makes_a_conflict_A18(signed_in, editor):
    article = builders.article(body=BODY)
    late = filled_in(article, title="Late")
    text = builders.text(title="By Ada")
    ada = builders.user("Editor", name="Ada Cole")
    writing.keep(article, text, topics=[], by=ada, based_on=article.latest)

    answer = signed_in(editor).post(address(article, "autosave"), late)

    assert (answer.status_code, answer.json()["conflict"]["who"]) == (409, "Ada Cole")
    assert not WorkingCopy.objects.exists()


def test_a_conflict_compares_every_part_of_a_text_A18(signed_in, editor):
    article = builders.article(body=BODY)
    topic = builders.topic("Feet")
    picture = builders.picture("Foot")
    changes = {
        **{"title": "T", "summary": "S", "body": "<p>B</p>", "description": "D", "call_to_action": "C"},
        **{"author": builders.therapist("Una Vale").pk, "main_topic": topic.pk, "lead_picture": picture.pk},
        **{"disclosure": "Nobody paid", "permission_on_file": "Drawer 3", "sources-0-title": "Another"},
    }
    page = signed_in(editor)
    autosave(page, article, title="In the first tab")

    conflict = page.post(address(article), filled_in(article, **changes)).context["conflict"]

    assert [str(part.label) for part in conflict["differences"]] == [
        *("title", "lead", "text", "description for search engines", "heading of the call to action"),
        *("written by", "main topic", "picture", "sources", "who paid, or helped write"),
        *("permission to quote a patient", "topics"),
    ]


def test_who_saves_after_an_autosave_saves_what_is_in_the_form(signed_in, editor):
    article = builders.article(body=BODY)
    page = signed_in(editor)
    version = autosave(page, article, title="Heel pa").json()["version"]

    page.post(address(article), filled_in(article, title="Heel pain", version=version))

    article.refresh_from_db()
    assert (article.latest.title, WorkingCopy.objects.exists()) == ("Heel pain", False)


def test_text_dropped_in_another_tab_is_kept_again_when_typed_on(signed_in, editor):
    article = builders.article(body=BODY)
    page = signed_in(editor)
    version = autosave(page, article, title="Heel pa").json()["version"]
    writing.discard(article)

    answer = autosave(page, article, title="Heel pain", version=version)

    assert (answer.status_code, WorkingCopy.objects.get().title) == (200, "Heel pain")


# The preview beside the form


def test_the_preview_alone_may_stand_in_a_frame_of_this_site(signed_in, editor):
    article = builders.article()
    page = signed_in(editor)

    preview = page.get(address(article, "preview"))
    others = [page.get(url) for url in (address(article), address(article, "revision", 1), "/")]

    assert preview["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in preview["Content-Security-Policy"]
    assert [other["X-Frame-Options"] for other in others] == ["DENY", "DENY", "DENY"]
    assert ["frame-ancestors 'none'" in other["Content-Security-Policy"] for other in others] == [True] * 3
    assert "frame-src 'self'" in others[0]["Content-Security-Policy"]


def test_in_its_frame_the_preview_is_the_public_page_and_leads_out_of_it(signed_in, editor):
    article = builders.article()
    page = signed_in(editor)

    alone = page.get(address(article, "preview")).content.decode()
    framed = page.get(address(article, "preview"), headers={"Sec-Fetch-Dest": "iframe"}).content.decode()

    assert ["Back to its staff page" in shown for shown in (alone, framed)] == [True, False]
    assert ['<base target="_blank">' in shown for shown in (alone, framed)] == [False, True]


# Links to our own pages


def test_an_author_finds_public_places_by_name_only(signed_in, editor):
    article = builders.published_article(title="Stiff knee")
    builders.article(title="Knee draft")
    topic = builders.topic("Knee")
    builders.therapist("Kneeland Gone", is_listed=False)
    therapist = builders.therapist("Kim Kneeland")
    builders.location("Kneeling Road", slug="kneeling-road")

    places = signed_in(editor).get(reverse("admin:articles_article_links"), {"q": "kNEE"}).json()["places"]

    assert [(place["kind"], place["title"], place["url"]) for place in places] == [
        ("Article", "Stiff knee", article.get_absolute_url()),
        ("Topic", "Knee", topic.get_absolute_url()),
        ("Therapist", "Kim Kneeland", therapist.get_absolute_url()),
        ("Location", "Kneeling Road", "/locations/kneeling-road/"),
    ]


def test_no_words_find_no_places(signed_in, editor):
    builders.published_article()

    response = signed_in(editor).get(reverse("admin:articles_article_links"), {"q": " "})

    assert response.json() == {"places": []}


# Signed out while writing; every staff page keeps what was typed (tests/test_kept_posts.py)


@pytest.fixture
def signed_out(client, editor):
    builders.leave_signed_out(client, editor)
    return client


def sign_in_form(client, article, person, password=builders.PASSWORD, **changes):
    """Post the text, and then what the sign-in page that keeps it sends."""
    kept = client.post(address(article), filled_in(article, **changes)).context["kept"]
    fields = {"kept_post": kept, "login": person.email, "password": password}
    response = client.post(address(article), fields, follow=True)
    if response.status_code != 200 or response.redirect_chain:
        return response
    return client.post(address(article), {"kept_post": kept, "send_kept": "1"}, follow=True)


def test_a_text_posted_after_the_session_waits_in_the_sign_in_page_A19(signed_out):
    article = builders.article(body=BODY)

    response = signed_out.post(address(article), filled_in(article, summary="It eases."))

    assert (response.status_code, response.templates[0].name) == (403, "admin/sign_in_again.html")
    assert "no-store" in response["Cache-Control"]
    assert "eases" not in response.text


def test_after_signing_in_again_the_text_is_saved_A19(signed_out, editor):
    article = builders.article(body=BODY)
    typed = 'It "hurts" & then\nit eases ’til noon.'

    response = sign_in_form(signed_out, article, editor, title="Heel pain", summary=typed)

    article.refresh_from_db()
    assert response.redirect_chain == [(address(article), 302)]
    assert (article.latest.title, article.latest.created_by) == ("Heel pain", editor)
    assert article.latest.summary == typed


def test_a_wrong_password_keeps_the_text_and_saves_nothing_A19(signed_out, editor):
    article = builders.article(body=BODY)

    response = sign_in_form(signed_out, article, editor, password="wrong", title="Heel pain")

    assert (response.status_code, article.revisions.count()) == (403, 1)
    fields = {"kept_post": response.context["kept"], "login": editor.email, "password": builders.PASSWORD}
    signed_out.post(address(article), fields)
    signed_out.post(address(article), {**fields, "send_kept": "1"})
    article.refresh_from_db()
    assert article.latest.title == "Heel pain"


def test_nobody_saves_with_the_sign_in_of_another_role_A19(signed_out):
    article = builders.article(body=BODY)

    response = sign_in_form(signed_out, article, builders.user("Front desk"), title="Heel pain")

    assert (response.status_code, article.revisions.count()) == (403, 1)


def test_what_is_typed_while_signed_out_is_not_taken(client):
    article = builders.article()

    response = client.post(address(article, "autosave"), filled_in(article, title="Heel pain"))

    assert (response.status_code, WorkingCopy.objects.exists()) == (302, False)
