from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.utils import timezone

from articles import mistakes
from articles.models import MistakeReport
from clinic import retention
from clinic.models import AuditEvent
from clinic.moves import Stale
from tests import builders

pytestmark = pytest.mark.django_db

FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def article():
    return builders.published_article(slug="sore-heel", title="Sore heel")


def send(client, address, *, follow=False, **fields):
    return client.post(address, urlencode(fields), content_type=FORM, follow=follow)


def reports():
    return list(MistakeReport.objects.values_list("revision__title", "words"))


def test_a_reader_reports_a_mistake_without_a_cookie(article):
    reader = Client(enforce_csrf_checks=True)

    page = reader.get("/articles/sore-heel/mistake/")
    response = send(reader, "/articles/sore-heel/mistake/", words="It says\r\nknee.", follow=True)

    assert reports() == [("Sore heel", "It says\nknee.")]
    assert (response.redirect_chain, page.cookies, reader.cookies) == (
        [("/articles/sore-heel/mistake/?sent=yes", 302)],
        {},
        {},
    )


def test_an_empty_report_is_asked_for_words(client, article):
    response = send(client, "/articles/sore-heel/mistake/", words="  ")

    assert (response.context["form"].errors, reports()) == ({"words": ["Write what is wrong."]}, [])


def test_a_machine_is_thanked_and_forgotten(client, article):
    response = send(client, "/articles/sore-heel/mistake/", words="Buy pills", website="http://x")

    assert (response.status_code, reports()) == (302, [])


def test_a_flood_is_stopped_with_the_words_kept(client, article, monkeypatch):
    monkeypatch.setattr(mistakes, "MOST_OPEN", 1)
    send(client, "/articles/sore-heel/mistake/", words="First")

    response = send(client, "/articles/sore-heel/mistake/", words="Second")

    assert response.context["form"]["words"].value() == "Second"
    assert (len(reports()), response.context["form"].non_field_errors()) == (
        1,
        ["Many reports wait for us already. Call us instead."],
    )


@pytest.mark.parametrize("address", ["/articles/sore-heel/mistake/", "/articles/review/forged/"])
def test_an_oversized_form_is_refused_before_anything_reads_it(client, article, address):
    response = client.post(address, "words=" + "x" * 70_000, content_type=FORM)

    assert response.status_code == 413


def test_a_draft_takes_no_reports(client):
    builders.article(slug="draft")

    assert send(client, "/articles/draft/mistake/", words="Hm").status_code == 404


def test_an_editor_settles_a_report(client, article):
    mistakes.report(article, "It says knee.")
    editor = builders.user("Editor")
    client.force_login(editor)
    mistake = MistakeReport.objects.get()

    client.post(f"/admin/articles/mistakereport/{mistake.pk}/change/", {"answer": "Corrected."})

    mistake.refresh_from_db()
    assert (mistake.settled_by, mistake.answer, MistakeReport.objects.open().count()) == (
        editor,
        "Corrected.",
        0,
    )
    assert AuditEvent.objects.filter(action="mistake.settled", subject=f"article {article.pk}").count() == 1


def test_a_report_is_settled_once(article):
    mistake = mistakes.report(article, "It says knee.")
    mistakes.settle(mistake, answer="Corrected.", by=builders.user("Editor"))

    with pytest.raises(Stale):
        mistakes.settle(mistake, answer="Nothing to do.", by=builders.user("Editor"))


def test_a_settled_report_is_forgotten_after_ninety_days_and_an_open_one_never(article):
    settled, waiting = mistakes.report(article, "It says knee."), mistakes.report(article, "It says hip.")
    mistakes.settle(settled, answer="Corrected.", by=builders.user("Editor"))

    retention.purge(timezone.now() + timedelta(days=89))
    before = MistakeReport.objects.count()
    retention.purge(timezone.now() + timedelta(days=91))

    assert (before, list(MistakeReport.objects.all())) == (2, [waiting])


def test_the_list_of_articles_finds_those_with_open_reports(client, article):
    builders.published_article(slug="other")
    mistakes.report(article, "It says knee.")
    client.force_login(builders.user("Editor"))

    response = client.get("/admin/articles/article/", {"list": "mistakes"})

    assert list(response.context["cl"].result_list) == [article]
