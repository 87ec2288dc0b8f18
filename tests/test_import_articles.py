"""The import command: what it stores, when it only reports, and what it refuses."""

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from articles import publishing, signing, writing
from articles.models import Article, CareCard
from articles.steps import Refused
from clinic.models import AuditEvent
from staff.models import Therapist
from tests import builders
from tests.docx_files import SENTENCE, article, docx, paragraph

pytestmark = pytest.mark.django_db

TEXT = """Cupping for a stiff shoulder

Cupping lifts the skin with gentle suction. It leaves round marks that fade within two weeks.

\u00a0How it may help
Some people move more freely for a few hours afterwards. Nobody knows well why that is.

When to get help at once
Back pain with new trouble of bladder or bowel is an emergency.

\u00a0Would you like to try it? Call us to make an appointment.

Ines graduated from the University of Lakeside with a doctorate in physical therapy. She treats shoulders.
"""
APPEAL = "Would you like to try it? Call us to make an appointment."
BIOGRAPHY = TEXT.splitlines()[-1]


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "cupping.txt"
    path.write_text(TEXT)
    return path


def run(capsys, *arguments):
    """Run the command and return what it printed, as lines without their indent."""
    call_command("import_articles", *map(str, arguments))
    return [line.strip() for line in capsys.readouterr().out.splitlines()]


def edit(article, **changes):
    text = {name: getattr(article.latest, name) for name in writing.FIELDS} | changes
    topics = article.latest.topics.all()
    writing.keep(article, text, topics=topics, by=builders.user("Editor"), based_on=article.latest)


def test_a_text_becomes_a_draft_with_its_headings(file, capsys):
    run(capsys, file)

    article = Article.objects.get()
    assert (article.slug, article.kind, article.status) == ("cupping-for-a-stiff-shoulder", "health", "draft")
    assert [row[:2] for row in article.latest.outline] == [
        [2, "How it may help"],
        [2, "When to get help at once"],
    ]


def test_a_word_document_becomes_a_draft(tmp_path, capsys):
    path = tmp_path / "heels.docx"
    path.write_bytes(docx(article(paragraph("What helps", "Heading1"), paragraph(SENTENCE))))

    printed = run(capsys, path)

    assert printed[:2] == [
        "heels.docx: Stored as a new draft.",
        "kept: “Sore heels”. Words 30, headings 1, paragraphs 2, lists 0, links 0, tables 0, pictures 0",
    ]
    assert Article.objects.get().imported_from == "heels.docx"


def test_the_appeal_becomes_the_call_to_action(file, capsys):
    run(capsys, file)

    text = Article.objects.get().latest
    assert (text.call_to_action, APPEAL in text.body) == (APPEAL, False)


def test_the_report_says_what_was_kept_and_what_is_to_do(file, capsys):
    printed = run(capsys, file)

    article, card = Article.objects.get(), CareCard.objects.get(slug="back-and-leg-emergency")
    address = reverse("admin:articles_article_change", args=[article.pk])
    assert printed == [
        "cupping.txt: Stored as a new draft.",
        "kept: “Cupping for a stiff shoulder”. Words 54, headings 2, paragraphs 3, lists 0, links 0, "
        "tables 0, pictures 0",
        "doubt: The biography names “Ines” without a surname.",
        "to do: Complete the new profile of Ines. Patients don’t see it yet.",
        f"to do: Add the care card “{card.name}” (back-and-leg-emergency). Publishing waits for it.",
        f"http://localhost{address}",
    ]


def test_the_run_is_in_the_audit_trail(file, capsys):
    run(capsys, file)

    event = AuditEvent.objects.get(action="import.run")
    assert (event.subject, event.reason) == (f"article {Article.objects.get().pk}", "cupping.txt")


def test_the_biography_becomes_a_profile_that_patients_do_not_see(file, capsys):
    run(capsys, file)

    ines = Therapist.objects.get()
    assert (ines.name, ines.slug, ines.biography) == ("Ines", "ines", BIOGRAPHY)
    assert (ines.is_listed, ines.takes_new_patients) == (False, False)
    assert Article.objects.get().latest.author == ines


@pytest.mark.parametrize("name", ["Ines Prado", "ines", "Ines"])
def test_the_one_therapist_of_that_name_is_the_author_and_keeps_the_own_biography(file, capsys, name):
    ines = builders.therapist(name, biography="Words of my own.")

    printed = run(capsys, file)

    ines.refresh_from_db()
    assert (Article.objects.get().latest.author, ines.biography) == (ines, "Words of my own.")
    assert f"to do: Look at the biography in this file: the profile of {name} says something else." in printed


def test_a_name_that_several_therapists_share_is_a_doubt(file, capsys):
    builders.therapist("Ines Prado")
    builders.therapist("Ines Holt")

    printed = run(capsys, file)

    assert Article.objects.get().latest.author is None
    assert "doubt: Several therapists are called Ines. Choose who wrote this." in printed


def test_the_author_can_be_named(file, capsys):
    builders.therapist("Ines Prado")
    mara = builders.therapist("Mara Holt", slug="mara-holt")

    run(capsys, file, "--author", "mara-holt")

    assert Article.objects.get().latest.author == mara


def test_an_unknown_author_is_answered_with_the_known_ones(file):
    builders.therapist("Mara Holt", slug="mara-holt")

    with pytest.raises(CommandError, match=r"There is no therapist “nobody”. There are: mara-holt."):
        call_command("import_articles", str(file), author="nobody")
    assert Article.objects.count() == 0


def test_running_twice_makes_one_article_with_one_text(file, capsys):
    run(capsys, file)

    printed = run(capsys, file)

    assert printed[0] == "cupping.txt: Imported before. Nothing has changed."
    assert (Article.objects.get().revisions.count(), Therapist.objects.count()) == (1, 1)


def test_a_changed_file_becomes_the_next_draft(file, capsys):
    run(capsys, file)
    file.write_text(TEXT.replace("two weeks", "ten days"))

    printed = run(capsys, file)

    article = Article.objects.get()
    assert printed[0] == "cupping.txt: Changed. Stored as the next draft of the same article."
    assert (article.latest.number, "ten days" in article.latest.body) == (2, True)
    assert run(capsys, file)[0] == "cupping.txt: Imported before. Nothing has changed."


def test_an_author_named_later_is_stored(file, capsys):
    run(capsys, file)
    builders.therapist("Mara Holt", slug="mara-holt")

    run(capsys, file, "--author", "mara-holt")

    assert Article.objects.get().latest.author.name == "Mara Holt"


def test_a_text_that_someone_worked_on_is_left_alone(file, capsys):
    run(capsys, file)
    edit(Article.objects.get(), title="Cupping, told better")
    file.write_text(TEXT.replace("two weeks", "ten days"))

    printed = run(capsys, file)

    article = Article.objects.get()
    assert printed[0] == "cupping.txt: Changed, but not stored: someone has worked on this article since."
    assert (article.latest.number, article.latest.title) == (2, "Cupping, told better")


def test_a_text_that_someone_is_writing_is_left_alone(file, capsys):
    run(capsys, file)
    article = Article.objects.get()
    copy = builders.text(title="Half a thought")
    writing.set_aside(article, copy, topics=[], by=builders.user("Editor"), version=0)
    file.write_text(TEXT.replace("two weeks", "ten days"))

    run(capsys, file)

    article.refresh_from_db()
    assert (article.latest.number, article.working_copy.title) == (1, "Half a thought")


def test_publishing_waits_for_the_emergency_card(file, capsys):
    run(capsys, file)
    article = Article.objects.get()
    sources = builders.text()["sources"]
    edit(article, summary="What cupping is.", sources=sources, main_topic=builders.topic("Shoulder"))
    signing.sign_off(article, by=builders.clinician().user)
    card = CareCard.objects.get(slug="back-and-leg-emergency")

    with pytest.raises(Refused) as refused:
        publishing.publish(article, by=builders.user("Editor"))

    assert refused.value.messages == [f"Add the care card “{card.name}”: this text names signs it is about."]


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("empty.txt", b"", "empty.txt is empty."),
        ("blank.txt", b" \n\xc2\xa0\n", "blank.txt is empty."),
        (
            "binary.txt",
            bytes(range(256)) * 40,
            "binary.txt is not a text file. Save it as plain text (UTF-8) and try again.",
        ),
        (
            "long.txt",
            b"Title\n\n" + b"Words and more words. " * 240_000,
            "long.txt is too large for an article: more than 1 MB.",
        ),
        (
            "slides.odp",
            b"PK",
            "slides.odp can’t be imported. These kinds of files can: .txt, .docx.",
        ),
    ],
    ids=["empty", "only blanks", "binary", "5 MB", "another kind"],
)
def test_what_holds_no_article_is_refused_with_a_sentence(tmp_path, name, content, sentence):
    path = tmp_path / name
    path.write_bytes(content)

    with pytest.raises(CommandError) as refused:
        call_command("import_articles", str(path))

    assert str(refused.value) == sentence
    assert (Article.objects.count(), Therapist.objects.count(), AuditEvent.objects.count()) == (0, 0, 0)


def test_a_missing_file_is_refused_with_a_sentence(tmp_path):
    with pytest.raises(CommandError) as refused:
        call_command("import_articles", str(tmp_path / "nowhere.txt"))

    assert str(refused.value) == "nowhere.txt could not be read: No such file or directory."


def test_one_bad_file_among_several_does_not_keep_the_others_out(file, tmp_path, capsys):
    empty = tmp_path / "empty.txt"
    empty.touch()

    with pytest.raises(CommandError, match=r"empty.txt is empty."):
        run(capsys, empty, file)

    assert Article.objects.count() == 1
