"""Documents to take away: what is taken in, where they are listed, and how they are sent."""

import zlib

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from clinic import documents, facts, pages
from clinic.models import Document, Page
from clinic.site.demo.documents import FORMS, pdf
from tests import builders

pytestmark = pytest.mark.django_db

FORM = pdf("New patient form", ["Your name"])
LOCKED, ACTIVE, ODD = "This PDF is locked", "a script or another file", "We could not look into this PDF"


@pytest.fixture
def manager(client):
    person = builders.user("Manager")
    client.force_login(person)
    return person


def url(name, *args):
    return reverse(f"admin:clinic_document_{name}", args=args)


def upload(content=FORM):
    return SimpleUploadedFile("../Form (final).pdf", content)


def with_object(text):
    return FORM.replace(b"xref\n", b"9 0 obj\n<< %s >>\nendobj\nxref\n" % text)


def with_stream(dictionary, content):
    stream = b"9 0 obj\n<< %s >>\nstream\n%s\nendstream\nendobj\nxref\n" % (dictionary, content)
    return FORM.replace(b"xref\n", stream)


def packed(text):
    return with_stream(b"/Type /ObjStm /Filter /FlateDecode", zlib.compress(text))


SCRIPT = zlib.compress(b"<< /S /JavaScript /JS 4 0 R >>")


@pytest.mark.parametrize("content", [
    pytest.param(FORM, id="plain"),
    pytest.param(with_object(b"/OpenAction [3 0 R /FitH null]"), id="opens-at-a-page"),
    pytest.param(with_object(b"/JScript 1 /Launcher 2"), id="longer-names"),
    pytest.param(with_stream(b"/Length 30", b"a picture with /JS (\x00\xff) in it"), id="pixels"),
    pytest.param(packed(b"<< /Type /Font >>"), id="packed"),
    *(pytest.param(pdf(*form), id=slug) for slug, form in FORMS.items()),
])  # fmt: skip
def test_a_pdf_that_does_nothing_by_itself_is_taken(content):
    assert documents.read_safely(upload(content)) == content


@pytest.mark.parametrize(("content", "sentence"), [
    pytest.param(b"<html>%PDF-1.4 %%EOF", "a PDF that opens", id="html"),
    pytest.param(b"", "a PDF that opens", id="empty"),
    pytest.param(FORM[:-20], "a PDF that opens", id="cut-short"),
    pytest.param(FORM + bytes(documents.MAX_BYTES), "10 MB", id="heavy"),
    pytest.param(with_object(b"/Encrypt 5 0 R"), LOCKED, id="locked"),
    pytest.param(with_object(b"/OpenAction << /S /JavaScript /JS (alert) >>"), ACTIVE, id="script"),
    pytest.param(with_object(b"/S/J#61vaScript"), ACTIVE, id="script-in-disguise"),
    pytest.param(with_object(b"/JS(a)"), ACTIVE, id="js"),
    pytest.param(with_object(b"/S /Launch /F (cmd.exe)"), ACTIVE, id="launch"),
    pytest.param(with_object(b"/Type /EmbeddedFile"), ACTIVE, id="file"),
    pytest.param(with_object(b"/Names << /EmbeddedFiles 4 0 R >>"), ACTIVE, id="files"),
    pytest.param(packed(b"<< /S /JavaScript /JS 4 0 R >>"), ACTIVE, id="packed-script"),
    pytest.param(FORM[:9] + b"%stream\n<< /S /JavaScript >>" + FORM[9:], ACTIVE, id="behind-a-forged-stream"),
    pytest.param(with_stream(b"/Type /Obj#53tm", SCRIPT), ACTIVE, id="packed-in-disguise"),
    pytest.param(with_stream(b"/Type /ObjStm %s" % (b" " * 600), SCRIPT), ACTIVE, id="packed-far-behind"),
    pytest.param(with_stream(b"/Type /ObjStm", zlib.compress(b"<<>>") + SCRIPT), ODD, id="packed-twice"),
    pytest.param(packed(b"/" * (documents.MOST_UNPACKED + 1)), ODD, id="packed-bomb"),
    pytest.param(with_stream(b"/Type /ObjStm /Filter /Odd", b"?"), ODD, id="packed-oddly"),
])  # fmt: skip
def test_a_pdf_that_could_do_harm_is_refused_with_a_sentence(client, manager, content, sentence):
    form = {"title": "Form", "slug": "form", "position": 0, "is_listed": "on", "upload": upload(content)}

    response = client.post(url("add"), form)

    [error] = response.context["adminform"].form.errors["upload"]
    assert sentence in error
    assert Document.objects.count() == 0


def test_a_document_is_stored_under_a_random_name_and_sent_as_a_download(client, manager):
    form = {"title": "Form", "slug": "new-patient", "position": 0, "is_listed": "on", "upload": upload()}

    client.post(url("add"), form)
    client.logout()
    response = client.get("/documents/new-patient/")

    document = Document.objects.get()
    assert (document.size, document.created_by, "Form" in document.file.name) == (len(FORM), manager, False)
    assert b"".join(response.streaming_content) == FORM
    assert {
        name: response[name]
        for name in (
            "Content-Type", "Content-Disposition", "X-Content-Type-Options", "Content-Security-Policy",
        )
    } == {
        "Content-Type": "application/pdf",
        "Content-Disposition": 'attachment; filename="new-patient.pdf"',
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox; default-src 'none'",
    }  # fmt: skip


def test_t12_media_serves_pictures_in_a_sandbox_and_no_document(client):
    picture, document = builders.picture(), builders.document()

    shown, hidden = client.get(picture.url), client.get(document.file.url)

    assert hidden.status_code == 404
    assert (shown["Content-Type"], shown["Content-Security-Policy"], shown["X-Content-Type-Options"]) == (
        "image/webp", "sandbox; default-src 'none'", "nosniff",
    )  # fmt: skip


def test_a_newer_file_keeps_the_address_and_the_old_file_goes(
    client, manager, django_capture_on_commit_callbacks
):
    document = builders.document(slug="form")
    before, newer = document.file.name, pdf("Newer form", [])
    form = {"title": "Form", "slug": "form", "position": 0, "is_listed": "on"}

    client.post(url("change", document.pk), form)
    unchanged = Document.objects.get().file.name
    with django_capture_on_commit_callbacks(execute=True):
        client.post(url("change", document.pk), {**form, "upload": upload(newer)})

    assert unchanged == before
    assert b"".join(client.get("/documents/form/").streaming_content) == newer
    assert not default_storage.exists(before)


def test_a_document_whose_file_is_lost_is_not_found(client):
    document = builders.document(slug="form")
    default_storage.delete(document.file.name)

    assert client.get("/documents/form/").status_code == 404


@pytest.mark.parametrize("from_list", [False, True])
def test_a_deleted_document_takes_its_file_along(
    client, manager, django_capture_on_commit_callbacks, from_list
):
    document = builders.document()
    assert default_storage.exists(document.file.name)

    with django_capture_on_commit_callbacks(execute=True):
        if from_list:
            chosen = {"action": "delete_selected", "_selected_action": [document.pk], "post": "yes"}
            client.post(url("changelist"), chosen)
        else:
            client.post(url("delete", document.pk), {"post": "yes"})

    assert Document.objects.count() == 0
    assert not default_storage.exists(document.file.name)


def test_documents_are_listed_at_their_locations_and_on_their_pages_unless_taken_off(client):
    northside, mill_road = builders.location("Northside"), builders.location("Mill Road")
    editor = builders.user("Editor")
    page = Page.objects.create(slug="new-patients")
    text = {"title": "New patients", "summary": "", "description": "", "body": "<p>Welcome.</p>"}
    pages.publish(page, pages.keep(page, **text, by=editor), by=editor)
    everywhere = builders.document("Everywhere")
    here, off = builders.document("Only here"), builders.document("Taken off", is_listed=False)
    here.locations.set([northside])
    for document in (here, off):
        document.pages.set([page])
    facts.publish()

    def listed(address):
        html = client.get(address).text
        return [document for document in (everywhere, here, off) if document.get_absolute_url() in html]

    assert listed(northside.get_absolute_url()) == [everywhere, here]
    assert listed(mill_road.get_absolute_url()) == [everywhere]
    assert listed("/new-patients/") == [here]
    assert "PDF, 1 kB" in client.get("/new-patients/").text
    assert client.get(off.get_absolute_url()).status_code == 404
    assert client.get(here.get_absolute_url()).status_code == 200
