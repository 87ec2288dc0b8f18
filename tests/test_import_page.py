"""Documents that editors upload: what becomes of them, and what the draft says about it."""

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from articles import signing, writing
from articles.models import Article
from articles.steps import Refused
from clinic.models import AuditEvent, Picture
from tests import builders
from tests.docx_files import SENTENCE, article, docx, paragraph

pytestmark = pytest.mark.django_db

NECK = (Path(__file__).parent / "corpus/docx/stiff-neck-draft.docx").read_bytes()
PAGE = "/admin/articles/article/import/"


@pytest.fixture
def editor(client):
    person = builders.user("Editor")
    client.force_login(person)
    return person


def upload(client, content, name="Document1.docx", **data):
    return client.post(PAGE, {"file": SimpleUploadedFile(name, content), **data}, follow=True)


def heels(words):
    return docx(article(paragraph(words)))


def stored():
    """Return what each article was imported from, its number of texts and its title, oldest first."""
    return [
        (row.imported_from, row.latest.number, row.latest.title)
        for row in Article.objects.select_related("latest").order_by("pk")
    ]


def test_an_editor_uploads_a_document_and_lands_on_its_draft(client, editor):
    builders.therapist("Mara Holt", slug="mara-holt")
    theo = builders.therapist("Theo Okafor")

    response = upload(client, NECK, "neck.docx", author=theo.pk)

    draft = Article.objects.get()
    assert response.redirect_chain == [(reverse("admin:articles_article_change", args=[draft.pk]), 302)]
    assert (draft.status, draft.latest.title, draft.latest.author) == (
        "draft",
        "A stiff neck on Monday morning",
        theo,
    )
    assert AuditEvent.objects.get(action="import.run").actor == editor


def test_the_draft_shows_the_report_until_somebody_saves_a_text(client, editor):
    response = upload(client, NECK, "neck.docx")
    draft = Article.objects.get()

    assert draft.import_report == {
        "file": "neck.docx",
        "kept": {
            "headings": 1,
            "paragraphs": 3,
            "words": 37,
            "lists": 0,
            "links": 0,
            "tables": 0,
            "pictures": 0,
        },
        "dropped": [
            "1 tracked deletion",
            "1 comment",
            "1 piece of hidden text",
            "2 headers or footers: “Harbor Physical Therapy, draft”, “Page 1”",
            "1 text box: “Tip: set a timer, and look up every half hour.”",
        ],
        "doubts": [
            "1 tracked insertion stands in the text.",
            "1 field, such as a date, stands as it was last shown.",
        ],
        "to_do": [],
    }
    for note in [*draft.import_report["dropped"], *draft.import_report["doubts"]]:
        assert response.content.decode().count(f"<li>{note}</li>") == 1

    text = {name: getattr(draft.latest, name) for name in writing.FIELDS} | {"title": "A stiff neck"}
    writing.keep(draft, text, topics=[], by=editor, based_on=draft.latest)

    page = client.get(reverse("admin:articles_article_change", args=[draft.pk])).content.decode()
    assert (page.count("Import report"), page.count("1 tracked deletion")) == (0, 0)


def test_whoever_uploads_a_text_cannot_sign_it_A15(client, editor):
    own = builders.clinician("Theo Okafor", user=editor)
    upload(client, NECK, "neck.docx")

    with pytest.raises(Refused, match="Whoever saved this text"):
        signing.sign_off(Article.objects.get(), therapist=own)


def test_the_same_document_is_stored_once_under_any_number_of_uploads(client, editor):
    upload(client, heels("One."))

    response = upload(client, heels("One."))

    assert "Imported before. Nothing has changed." in response.content.decode()
    assert stored() == [("Document1.docx", 1, "Sore heels")]


def test_a_changed_document_of_the_same_title_is_the_next_draft(client, editor):
    upload(client, heels("One."))

    upload(client, heels("Two."))

    assert stored() == [("Document1.docx", 2, "Sore heels")]


def test_another_document_of_the_same_name_is_an_article_of_its_own(client, editor):
    upload(client, heels("One."))
    toes = docx(paragraph("Sore toes", "Title") + paragraph(SENTENCE))

    upload(client, toes)
    upload(client, docx(paragraph("Sore soles", "Title") + paragraph(SENTENCE)))
    upload(client, toes)

    assert stored() == [
        ("Document1.docx", 1, "Sore heels"),
        ("Document1.docx (2)", 1, "Sore toes"),
        ("Document1.docx (3)", 1, "Sore soles"),
    ]


def test_a_text_that_someone_worked_on_is_never_overwritten(client, editor):
    upload(client, heels("One."))
    draft = Article.objects.get()
    text = {name: getattr(draft.latest, name) for name in writing.FIELDS} | {"body": "<p>Mine.</p>"}
    writing.keep(draft, text, topics=[], by=editor, based_on=draft.latest)

    upload(client, heels("Two."))

    assert stored() == [("Document1.docx", 2, "Sore heels"), ("Document1.docx (2)", 1, "Sore heels")]
    assert Article.objects.order_by("pk").first().latest.body == "<p>Mine.</p>"


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("notes.docm", NECK, "notes.docm can’t be imported. These kinds of files can: .txt, .docx."),
        (
            "notes.docx",
            b"no zip",
            "notes.docx is damaged, or not a Word document. Open it in Word and save it again.",
        ),
        ("notes.docx", b"", "This document is empty."),
        ("notes.docx", bytes(10 * 1024 * 1024 + 1), "The document must be 10 MB or smaller."),
    ],
    ids=["another kind", "damaged", "empty", "10 MB + 1"],
)
def test_what_is_refused_says_why_and_stores_nothing(client, editor, name, content, sentence):
    response = upload(client, content, name)

    # Once in the summary on top, once at the field.
    assert (response.status_code, response.content.decode().count(sentence)) == (200, 2)
    assert (Article.objects.count(), Picture.objects.count()) == (0, 0)
    assert AuditEvent.objects.filter(action="import.run").count() == 0


def test_without_a_document_the_page_asks_for_one(client, editor):
    assert client.post(PAGE).content.decode().count("Choose a document.") == 2


@pytest.mark.parametrize(("role", "links"), [("Editor", 1), ("Clinician", 0), ("Manager", 0)])
def test_the_list_of_articles_offers_the_import_to_editors(client, role, links):
    client.force_login(builders.user(role))

    page = client.get("/admin/articles/article/").content.decode()

    assert page.count(f'href="{PAGE}"') == links
