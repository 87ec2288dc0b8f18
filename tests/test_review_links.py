"""Links by which a clinician answers without signing in: what they open, for whom, and for how long."""

from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlencode

import pytest
import time_machine
from django.core.signing import Signer
from django.utils import timezone

from articles import changes, comparison, publishing, review_links, reviewers, signing, writing
from articles.models import Article, ArticleEvent, Signature
from articles.review_links import Review
from clinic import mail_kinds
from clinic.models import AuditEvent, OutboxMessage
from tests import builders

pytestmark = pytest.mark.django_db

BODY = "<h2>What helps</h2><p>Walk a little less and wear soft shoes for some weeks.</p>"


@pytest.fixture
def theo():
    """A clinician of another clinic: no login, a license that ends in "4-Ab", an address for links."""
    return reviewer("Theo Okafor")


def reviewer(name):
    person = builders.clinician(name, user=None, is_outside=True, review_email="theo@elsewhere.example")
    person.credentials.update(number="PT-0004-Ab")
    return person


def link(event, therapist):
    return Review(event, therapist).address.removeprefix("http://localhost")


def asked(theo, article=None, **fields):
    """Return an article that waits for this clinician, and the link to it."""
    article = article or builders.article(body=BODY, **fields)
    publishing.submit(article, to=theo, by=builders.user("Editor", name="Nils Berger"), remark="By Friday?")
    return article, link(article.events.first(), theo)


def keep(article, **changes):
    text = {name: getattr(article.latest, name) for name in writing.FIELDS} | changes
    topics = article.latest.topics.all()
    return writing.keep(article, text, topics=topics, by=builders.user("Editor"), based_on=article.latest)


def post(client, address, answers):
    return client.post(address, urlencode(answers), content_type="application/x-www-form-urlencoded")


def sign(client, address, **changes):
    day = timezone.localdate() + timedelta(days=700)
    answers = {"answer": "sign_off", "next_review_on": day.isoformat(), "detail": "04ab", **changes}
    return post(client, address, answers)


def mail_to(article):
    message = OutboxMessage.objects.get(kind="sign_off_asked", object_id=article.events.first().pk)
    return mail_kinds.make(message.kind, message.object_id)


def errors(response):
    return {form.name: dict(form.errors) for form in response.context["forms"] if form.errors}


def ending(client, address):
    """Return what a closed link says happened; it shows neither text nor form."""
    response = client.get(address)
    assert "Walk a little less" not in response.text
    return response.context["ending"]


def test_the_mail_of_a_reviewer_without_a_login_holds_the_link(client, theo):
    article, address = asked(theo)

    mails = [mail_to(article) for _ in range(2)]

    assert mails[0].to == ["theo@elsewhere.example"]
    assert f"http://localhost{address}\n" in mails[0].body
    assert mails[0].body == mails[1].body
    assert "/admin/" not in mails[0].body


def test_who_has_a_login_gets_the_link_too_and_can_sign_in_instead(client):
    clinician = builders.clinician()
    article, address = asked(clinician)

    mail = mail_to(article)

    assert mail.to == [clinician.user.email]
    assert address in mail.body
    assert f"http://localhost/admin/articles/article/{article.pk}/" in mail.body


def test_the_page_shows_who_asks_what_is_new_and_the_text(client, theo):
    article = builders.signed_article(body=BODY, title="Sore heel")
    keep(article, body=BODY + "<p>Swimming is fine as well for most people.</p>")
    _article, address = asked(theo, article)

    response = client.get(address)

    (difference,) = response.context["changes"].differences
    new = [part.words.strip() for part in difference.new if part.is_changed]
    assert new == ["Swimming is fine as well for most people."]
    assert "Nils Berger asks you, Theo Okafor, PT, to sign off this text." in response.text
    assert "By Friday?" in response.text
    assert '<h2 id="what-helps">' in response.text
    assert [form.name for form in response.context["forms"]] == ["sign_off", "send_back"]


def test_the_page_is_nobody_elses_business(client, theo):
    _article, address = asked(theo)

    response = client.get(address)

    assert "no-store" in response["Cache-Control"]
    assert (response["X-Robots-Tag"], response["Referrer-Policy"]) == ("noindex", "same-origin")
    assert '<meta name="robots" content="noindex">' in response.text
    assert list(response.cookies) == ["csrftoken"]
    assert "PT-0004-Ab" not in response.text


@pytest.mark.parametrize("method", ["get", "head", "options", "put"])
def test_t8_a_mail_scanner_that_opens_the_link_changes_nothing(client, theo, method):
    article, address = asked(theo)
    query = {"answer": "sign_off", "detail": "04ab", "next_review_on": "2027-01-01"}

    response = getattr(client, method)(address, query_params=query)

    article.refresh_from_db()
    assert response.status_code == (200 if method in ("get", "head") else 405)
    assert (article.status, Signature.objects.count(), article.events.first().wrong_tries) == (
        "in_review",
        0,
        0,
    )


def test_an_outside_reviewer_signs_in_two_clicks(client, theo):
    article, address = asked(theo)

    response = sign(client, address)

    article.refresh_from_db()
    signature = article.latest.signature
    assert (response.status_code, response.url) == (303, address)
    assert (article.status, article.asked) == ("signed", None)
    assert (signature.therapist, signature.signed_by, signature.signed_as) == (theo, None, "Theo Okafor, PT")
    assert signing.is_bound(article.latest)
    assert article.events.first().remark == "Theo Okafor, PT, by review link"
    assert ending(client, address) == "signed"
    line = AuditEvent.objects.get(action="review_link.sign_off")
    assert line.subject == f"article {article.pk} therapist {theo.pk}"


@pytest.mark.parametrize("detail", ["04ab", "PT-0004-Ab", "0004-ab", " 4-AB 0004AB "])
def test_the_second_detail_is_the_end_of_the_number_however_it_is_written(client, theo, detail):
    article, address = asked(theo)

    sign(client, address, detail=detail)

    article.refresh_from_db()
    assert article.status == "signed"


def test_a_text_is_sent_back_with_a_remark_and_the_name(client, theo):
    article, address = asked(theo)

    post(client, address, {"answer": "send_back", "remark": "The doses are missing", "detail": "04ab"})

    article.refresh_from_db()
    assert article.status == "draft"
    assert article.events.first().remark == "The doses are missing\n(Theo Okafor, PT, by review link)"
    assert ending(client, address) == "send_back"


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        (
            {"answer": "sign_off", "detail": "", "next_review_on": ""},
            {"detail": ["Enter the last four characters of your license number."]}
            | {"next_review_on": ["Enter the day of the next check."]},
        ),
        (
            {"answer": "sign_off", "detail": "04ab", "next_review_on": "2040-01-01"},
            {"__all__": ["The next check must be within three years."]},
        ),
        ({"answer": "send_back", "detail": "04ab", "remark": ""}, {"remark": ["Say what should change."]}),
    ],
)
def test_what_is_missing_is_said_and_costs_no_try(client, theo, answers, expected):
    article, address = asked(theo)

    response = post(client, address, answers)

    assert errors(response) == {answers["answer"]: expected}
    assert article.events.first().wrong_tries == 0


def test_an_answer_that_the_page_does_not_offer_changes_nothing(client, theo):
    article, address = asked(theo)

    response = post(client, address, {"answer": "object", "detail": "04ab"})

    article.refresh_from_db()
    assert (response.status_code, article.status) == (303, "in_review")


def test_five_wrong_details_close_the_link_and_are_audited(client, theo):
    article, address = asked(theo)

    answers = [sign(client, address, detail=f"000{number}") for number in range(5)]
    right = sign(client, address)

    article.refresh_from_db()
    assert [response.status_code for response in answers] == [200, 200, 200, 200, 303]
    assert errors(answers[0]) == {
        "sign_off": {"detail": ["These are not the last four characters of the license number we have."]}
    }
    assert (right.context["ending"], article.status) == ("locked", "in_review")
    assert ending(client, address) == "locked"
    subject = f"article {article.pk} therapist {theo.pk}"
    assert AuditEvent.objects.about(subject).filter(action="review_link.wrong_detail").count() == 5


def test_guesses_that_come_all_at_once_get_five_tries_too(theo):
    article, _address = asked(theo)
    today = timezone.localdate()
    at_once = [Review(ArticleEvent.objects.get(pk=article.events.first().pk), theo) for _ in range(8)]

    wrong = [review.admits("0000", today) for review in at_once[:7]]
    right = at_once[7].admits("04ab", today)

    assert (any(wrong), right) == (False, False)
    assert article.events.first().wrong_tries == 5


def test_right_details_use_up_no_tries(client, theo):
    article, address = asked(theo)

    for _ in range(6):
        sign(client, address, next_review_on="2040-01-01")
    sign(client, address)

    article.refresh_from_db()
    assert article.status == "signed"


def test_asking_again_sends_a_new_link_and_closes_the_old_one(client, theo):
    article, old = asked(theo)
    for number in range(5):
        sign(client, old, detail=f"000{number}")

    _article, new = asked(theo, article)
    sign(client, new)

    article.refresh_from_db()
    assert (old != new, article.status) == (True, "signed")
    assert OutboxMessage.objects.filter(kind="sign_off_asked").count() == 2


@pytest.mark.parametrize(("days", "status"), [(13.9, 200), (14.1, 410)])
def test_a_link_works_for_fourteen_days(client, theo, days, status):
    article, address = asked(theo)

    with time_machine.travel(timezone.now() + timedelta(days=days)):
        opened, signed = client.get(address), sign(client, address)

    article.refresh_from_db()
    assert (opened.status_code, signed.status_code) == (status, 303 if status == 200 else 410)
    assert article.status == ("signed" if status == 200 else "in_review")


def test_a_link_that_was_not_made_here_leads_nowhere(client, theo):
    article, address = asked(theo)
    event = article.events.first()
    stranger = reviewer("Ada Cole")
    created = article.events.last()
    forged = [
        address[:-2] + "/",
        address.replace(f"{event.pk}.", f"{event.pk + 1}.", 1),
        f"/articles/review/{event.pk}.{theo.pk}/",
        f"/articles/review/{Signer(salt='another').sign(f'{event.pk}.{theo.pk}')}/",
        # Signed by us, about a step that nobody is asked at.
        link_to(theo, f"{created.pk}.{theo.pk}"),
        link_to(theo, f"{event.pk}.999999"),
        link_to(theo, f"{event.pk}.{10**20}"),
    ]

    answers = [client.get(other).status_code for other in forged] + [sign(client, forged[0]).status_code]

    assert answers == [404] * 8
    assert ending(client, link(event, stranger)) == "over"
    assert client.get(address).status_code == 200


def link_to(therapist, value):
    return f"/articles/review/{review_links.signer_for(therapist).sign(value)}/"


@pytest.mark.parametrize(
    "change",
    [{"review_email": "someone@else.example"}, {"left_on": date(2026, 1, 5)}],
    ids=["another mailbox", "left"],
)
def test_a_link_opens_nothing_once_its_mailbox_is_not_theirs_or_they_left(client, theo, change):
    _article, address = asked(theo)
    before = client.get(address).status_code

    type(theo).objects.filter(pk=theo.pk).update(**change)

    assert (before, client.get(address).status_code) == (200, 404)


def test_a_text_that_changed_after_the_mail_is_not_signed_unseen(client, theo):
    article, address = asked(theo)
    keep(article, title="Sore heel in the morning")

    sign(client, address)

    article.refresh_from_db()
    assert (article.status, Signature.objects.count()) == ("draft", 0)
    assert ending(client, address) == "newer"


def test_a_newer_text_is_not_signed_by_an_old_link_whatever_the_state_says(client, theo):
    article, address = asked(theo)
    keep(article, title="Sore heel in the morning")
    Article.objects.filter(pk=article.pk).update(status="in_review", asked=theo)

    sign(client, address)

    assert (ending(client, address), Signature.objects.count()) == ("newer", 0)


def test_of_two_reviewers_only_the_one_asked_last_can_sign(client, theo):
    ada = reviewer("Ada Cole")
    article, old = asked(theo)
    _article, new = asked(ada, article)

    answers = [sign(client, old), sign(client, new)]

    article.refresh_from_db()
    assert [answer.status_code for answer in answers] == [200, 303]
    assert (answers[0].context["ending"], article.latest.signature.therapist) == ("over", ada)
    assert ending(client, old) == "signed"


def test_the_mail_of_an_earlier_question_is_not_sent_to_whoever_is_asked_now(theo):
    article, _old = asked(theo)
    earlier = article.events.first()
    asked(reviewer("Ada Cole"), article)

    with pytest.raises(mail_kinds.NothingToSend):
        mail_kinds.make("sign_off_asked", earlier.pk)


def leaves(theo):
    type(theo).objects.filter(pk=theo.pk).update(left_on=timezone.localdate())


def loses_the_license(theo):
    theo.credentials.update(expires_on=timezone.localdate() - timedelta(days=1))


def is_switched_off(theo):
    builders.User.objects.filter(pk=theo.user_id).update(is_active=False)


@pytest.mark.parametrize("what_happens", [leaves, loses_the_license, is_switched_off])
def test_who_may_not_sign_any_more_signs_by_no_old_link(client, what_happens):
    theo = builders.clinician()
    number = theo.credentials.get().number
    article, address = asked(theo)
    what_happens(theo)

    sign(client, address, detail=number)
    post(client, address, {"answer": "send_back", "remark": "No", "detail": number})

    article.refresh_from_db()
    assert (article.status, Signature.objects.count()) == ("in_review", 0)


def test_a_license_without_a_number_signs_by_no_link(client):
    theo = builders.clinician()
    theo.credentials.update(number="")
    article, address = asked(theo)

    page, answer = client.get(address), sign(client, address, detail="")

    article.refresh_from_db()
    assert "its number or your login is out of date here" in page.text
    assert (answer.status_code, article.status) == (200, "in_review")


def test_the_public_page_says_who_of_outside_checked_it(client, theo):
    article, address = asked(theo)
    sign(client, address)
    article.refresh_from_db()
    publishing.publish(article, by=builders.user("Editor"))

    page = client.get(article.get_absolute_url())

    on = f"{timezone.localdate():%-d %B %Y}"
    assert (page.context["check"].kind, page.context["check"].name) == ("checked", "Theo Okafor, PT")
    assert " ".join(page.text.split()).count(f"Checked by Theo Okafor, PT, on {on}") == 1


def test_an_outside_reviewer_is_neither_listed_nor_offered_to_patients(client, theo):
    colleague = builders.therapist("Mara Ruiz")

    listed, profile = client.get("/staff/"), client.get(theo.get_absolute_url())

    assert list(listed.context["therapists"]) == [colleague]
    assert profile.status_code == 404
    assert (theo.is_shown, theo.can_be_asked_for) == (False, False)


def test_the_signer_objects_to_a_corrected_wording_in_one_click(client, theo):
    article, address = asked(theo)
    sign(client, address)
    article.refresh_from_db()
    revision = keep(article, body=BODY.replace("soft", "firm"))
    message = OutboxMessage.objects.get(kind="wording_corrected", object_id=revision.signature_id)
    mail = mail_kinds.make(message.kind, message.object_id)
    correction = link(article.events.get(step="correct"), theo)

    page = client.get(correction)
    post(client, correction, {"answer": "object"})

    article.refresh_from_db()
    assert (mail.to, correction in mail.body) == (["theo@elsewhere.example"], True)
    (difference,) = page.context["changes"].differences
    assert [part.words for part in difference.new if part.is_changed] == ["firm"]
    assert (article.status, article.latest.signature) == ("draft", None)
    assert ending(client, correction) == "objected"
    with pytest.raises(mail_kinds.NothingToSend):
        mail_kinds.make(message.kind, message.object_id)


def test_a_moved_clock_does_not_change_the_link(theo):
    article, address = asked(theo)

    with time_machine.travel(datetime(2031, 5, 1, tzinfo=UTC)):
        later = link(article.events.first(), theo)

    assert later == address
    assert Article.objects.get().events.first().pk == article.events.first().pk


# On the staff pages


def test_a_clinician_who_signs_in_sees_first_what_changed(client):
    article = builders.signed_article(body=BODY)
    keep(article, body=BODY + "<p>Swimming is fine as well for most people.</p>")
    client.force_login(builders.clinician("Mara Ruiz").user)

    page = client.get(f"/admin/articles/article/{article.pk}/")

    new = "Swimming is fine as well for most people.</ins>"
    assert page.text.index("What changed since the last sign-off") < page.text.index(new)
    assert [form.step for form in page.context["steps"]] == ["sign_off"]


def test_a_changed_link_and_a_changed_picture_are_shown_though_no_word_changed():
    before = '<p>Read <a href="https://one.example/">more about heels</a> here.</p>'
    article = builders.signed_article(body=before)

    revision = keep(article, body=before.replace("one.example", "two.example"))

    (difference,) = changes.since_last_check(revision).differences
    assert difference.label == "links, pictures and care cards"
    assert [part.words for part in difference.new if part.is_changed] == ["https://two.example/"]


def test_emphasis_and_headings_that_came_or_went_are_named():
    article = builders.signed_article(body="<h2>Shoes</h2><p>Wear soft shoes.</p>")

    revision = keep(article, body="<h3>Shoes</h3><p>Wear <strong>soft</strong> shoes.</p>")

    (difference,) = changes.since_last_check(revision).differences
    assert difference.label == "headings, lists or emphasis"
    assert " ".join(part.words for part in difference.old) == "Heading: Shoes"
    assert " ".join(part.words for part in difference.new) == "Smaller heading: Shoes \n Bold: soft"


def test_a_care_card_that_went_is_named():
    article = builders.signed_article(body='<p>Rest.</p><care-card data-card="heel"></care-card>')

    revision = keep(article, body="<p>Rest.</p>")

    (difference,) = changes.since_last_check(revision).differences
    assert (difference.old[0].words, difference.new) == ("heel", [])


def test_long_unchanged_stretches_are_cut_short():
    long_body = "<p>" + " ".join(f"word{number}" for number in range(500)) + "</p>"
    article = builders.signed_article(body=long_body)

    revision = keep(article, body=long_body.replace("word250", "another").replace("word251", "two"))

    (difference,) = changes.since_last_check(revision).differences
    assert len(" ".join(part.words for part in difference.new).split()) == 2 * comparison.CONTEXT + 2 + 2


def test_where_nobody_else_can_sign_the_form_says_what_can_be_done(client):
    article = builders.article()
    client.force_login(builders.user("Editor"))
    page = f"/admin/articles/article/{article.pk}/"

    alone = client.get(page).text
    builders.clinician()
    together = client.get(page).text

    assert ("can add an outside reviewer" in alone, "can add an outside reviewer" in together) == (
        True,
        False,
    )


def test_an_outside_reviewer_can_be_asked_and_is_no_author(client, theo):
    article = builders.article()
    client.force_login(builders.user("Editor"))

    context = client.get(f"/admin/articles/article/{article.pk}/").context

    (submit,) = (form for form in context["steps"] if form.step == "submit")
    assert list(submit.fields["to"].queryset) == [theo]
    assert list(context["form"].fields["author"].queryset) == [article.latest.author]


def test_a_manager_enters_an_outside_reviewer(client):
    client.force_login(builders.user("Manager"))
    fields = {"name": "Ada Cole", "slug": "ada-cole", "job_title": "Reviewer", "position": 0}
    licence = {"kind": "licence", "name": "License", "issuer": "State Board", "number": "PT-77812"}
    rows = {f"credentials-0-{name}": value for name, value in (licence | {"issued_on": "2015-01-05"}).items()}
    counts = {"credentials-TOTAL_FORMS": 1, "credentials-INITIAL_FORMS": 0}

    client.post(
        "/admin/staff/therapist/add/",
        fields | rows | counts | {"is_outside": "on", "review_email": "ada@elsewhere.example"},
    )

    (reviewer,) = reviewers.able(timezone.localdate())
    assert (reviewer.review_address, reviewer.is_outside) == ("ada@elsewhere.example", True)
