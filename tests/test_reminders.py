"""Checks that fall due: who is told and when, what waits for a clinician, and what a manager may put off."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from articles import publishing, reminders, signing, writing
from articles.models import Article, ArticleEvent, CareCard, Reminder
from articles.review_links import Review
from articles.steps import Refused
from clinic import facts, mail_kinds
from clinic.models import OutboxMessage
from tests import builders

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 3, 15, tzinfo=UTC)
TODAY = NOW.date()


@pytest.fixture(autouse=True)
def _on_an_ordinary_day():
    with time_machine.travel(NOW, tick=False):
        yield


def due(days, *, signer=None, **fields):
    """A public article whose check falls due in so many days."""
    signed_at = NOW - signing.REVIEW_AFTER + timedelta(days=days)
    return builders.published_article(signer=signer, now=signed_at, **fields)


def imported(days, **fields):
    """A public article of the earlier site that is to be checked for the first time in so many days."""
    fields = {"author": None, "was_public_before": True, **fields}
    article = builders.article(**fields)
    publishing.take_over(article, at=NOW, by=builders.user("Editor"))
    Article.objects.filter(pk=article.pk).update(first_check_due_on=TODAY + timedelta(days=days))
    return article


def steps():
    return list(Reminder.objects.order_by("pk").values_list("article", "days_before"))


def owed(kind="checks_due"):
    return [message.object_id for message in OutboxMessage.objects.filter(kind=kind).order_by("pk")]


def mail(kind="checks_due", position=0):
    return mail_kinds.make(kind, owed(kind)[position])


def in_days(days):
    return time_machine.travel(NOW + timedelta(days=days), tick=False)


def remind():
    reminders.remind(timezone.now())


@pytest.mark.parametrize(
    ("days", "told"), [(61, []), (60, [60]), (31, [60]), (30, [30]), (8, [30]), (7, [7]), (1, [7]), (0, [0])]
)
def test_a_check_is_told_of_at_four_steps(days, told):
    article = due(days)

    remind()

    assert steps() == [(article.pk, step) for step in told]
    assert len(owed()) == len(told)


def test_every_step_is_told_once_however_often_the_worker_looks():
    article = due(60)

    for day in range(75):
        with in_days(day):
            remind()
            remind()

    assert steps() == [(article.pk, step) for step in reminders.STEPS]
    # Managers hear of it in each of the three weeks in which it is due.
    assert (len(owed()), len(owed("checks_overdue"))) == (4, 3)


def test_after_a_month_without_a_worker_only_the_nearest_step_is_told():
    article = due(60)

    with in_days(58):
        remind()

    assert steps() == [(article.pk, 7)]


def test_one_mail_lists_all_that_is_due_with_a_link_each():
    theo = builders.clinician()
    later, sooner = due(25, signer=theo, title="Stiff neck"), due(3, signer=theo, title="Sore heel")
    due(100, signer=theo, title="Bad knee")

    remind()

    message = mail()
    lines = message.body.splitlines()
    assert (len(owed()), message.to) == (1, [theo.user.email])
    assert [line for line in lines if line in ("Stiff neck", "Sore heel", "Bad knee")] == [
        "Sore heel",
        "Stiff neck",
    ]
    assert "Check due on 6 November 2026:" in lines
    links = [Review(article.events.get(step="reminded"), theo).address for article in (sooner, later)]
    assert [line for line in lines if "/articles/review/" in line] == links


def test_who_was_told_today_gets_no_second_mail_before_tomorrow():
    theo = builders.clinician()
    first = due(3, signer=theo)
    remind()
    second = due(5, signer=theo)

    remind()
    today = steps()
    with in_days(1):
        remind()

    assert today == [(first.pk, 7)]
    assert steps() == [(first.pk, 7), (second.pk, 7)]


def test_what_was_checked_or_archived_meanwhile_is_not_in_the_mail():
    theo = builders.clinician()
    done, gone, left = due(3, signer=theo), due(3, signer=theo), due(3, signer=theo, title="Stiff neck")
    remind()
    signing.sign_off(done, by=theo.user)
    publishing.archive(gone, by=builders.user("Editor"))

    some = mail().body.count("Check due on")
    signing.sign_off(left, by=theo.user)

    assert some == 1
    with pytest.raises(mail_kinds.NothingToSend):
        mail()


def test_signing_by_the_link_of_a_reminder_renews_the_check(client):
    theo = builders.clinician(user=None, review_email="theo@elsewhere.example")
    theo.credentials.update(number="PT-0004")
    article = builders.article(now=NOW - signing.REVIEW_AFTER)
    signing.sign_off(article, therapist=theo, now=NOW - signing.REVIEW_AFTER + timedelta(days=7))
    publishing.publish(article, by=builders.user("Editor"))
    remind()
    address = Review(article.events.get(step="reminded"), theo).address

    page = client.get(address)
    body = "answer=sign_off&detail=0004&next_review_on=2028-11-01"
    client.post(address, body, content_type="application/x-www-form-urlencoded")

    article.refresh_from_db()
    assert (page.context["changes"].differences, [form.name for form in page.context["forms"]]) == (
        [],
        ["sign_off"],
    )
    assert (article.status, article.live.signature.signed_on) == ("published", TODAY)
    assert client.get(address).context["ending"] == "signed"


# To whom


def test_an_import_goes_to_whoever_has_least_to_do():
    busy, free = builders.clinician("Busy"), builders.clinician("Free")
    for _ in range(2):
        due(3, signer=busy)
    articles = [imported(days) for days in (4, 5, 6, 7)]

    remind()

    told = [Reminder.objects.get(article=article).therapist for article in articles]
    assert [person.name for person in told] == ["Free", "Free", "Busy", "Free"]
    assert free in told


def test_the_author_and_whoever_saved_it_check_nothing_of_their_own():
    author, saver, other = (builders.clinician(name) for name in ("Author", "Saver", "Other"))
    article = imported(3, author=author, by=saver.user)

    remind()

    assert [(row.article, row.therapist) for row in Reminder.objects.all()] == [(article, other)]


@pytest.mark.parametrize("why", ["gone", "lapsed"])
def test_the_check_of_who_left_or_lost_the_license_goes_to_another(why):
    theo, mara = builders.clinician(), builders.clinician("Mara Ruiz")
    article = due(30, signer=theo)
    remind()
    if why == "gone":
        type(theo).objects.filter(pk=theo.pk).update(left_on=TODAY)
    else:
        theo.credentials.update(expires_on=TODAY)

    with in_days(1):
        remind()
    with in_days(23):
        remind()

    told = Reminder.objects.order_by("pk").values_list("therapist", "days_before")
    assert list(told) == [(theo.pk, 30), (mara.pk, 30), (mara.pk, 7)]
    assert article.events.filter(step="reminded").count() == 3


def test_without_anybody_who_may_check_nobody_is_told():
    due(3)
    builders.Credential.objects.update(expires_on=TODAY - timedelta(days=1))

    remind()

    assert (steps(), owed()) == ([], [])


def test_a_text_with_a_newer_draft_waits_for_that():
    article = due(3)
    text = {name: getattr(article.latest, name) for name in writing.FIELDS} | {"title": "Another title"}
    writing.keep(article, text, topics=[], by=builders.user("Editor"), based_on=article.latest)

    remind()

    assert steps() == []


def test_managers_are_told_of_what_is_due_and_overdue():
    manager = builders.user("Manager")
    builders.user("Manager", is_active=False)
    for days, title in ((-20, "Stiff neck"), (0, "Sore heel"), (1, "Bad knee")):
        due(days, title=title)

    remind()

    message = mail("checks_overdue")
    titles = [line for line in message.body.splitlines() if line in ("Stiff neck", "Sore heel", "Bad knee")]
    assert (message.to, titles) == ([manager.email], ["Stiff neck", "Sore heel"])


def test_managers_hear_once_a_week_of_what_nobody_here_may_check():
    builders.user("Manager")
    due(0)
    builders.Credential.objects.update(expires_on=TODAY - timedelta(days=1))

    for days in range(14):
        with in_days(days):
            remind()

    assert (steps(), len(owed("checks_overdue"))) == ([], 3)


def test_the_reminder_is_in_the_history_of_the_article():
    article = due(7)

    remind()

    event = ArticleEvent.objects.filter(article=article).first()
    assert (event.label, event.remark) == ("A clinician was reminded of the check", "Theo Okafor, PT")


# Putting a check off


def test_a_manager_puts_an_overdue_check_off_once_and_the_page_says_the_new_day(client):
    article, manager = due(-1), builders.user("Manager")
    before = client.get(article.get_absolute_url()).context["check"]

    signing.put_off(article, by=manager, reason="The new guideline comes in March")

    after = client.get(article.get_absolute_url()).context["check"]
    assert (before.kind, after.kind, after.on) == ("overdue", "checked", before.on)
    assert after.next_on == TODAY + signing.PUT_OFF_BY
    assert article.events.first().remark == "The new guideline comes in March"
    assert list(Article.objects.checked(TODAY)) == [article]
    with time_machine.travel(NOW + signing.PUT_OFF_BY + timedelta(days=1)), pytest.raises(Refused):
        signing.put_off(article, by=manager, reason="Once more")


def test_a_check_that_is_not_overdue_is_not_put_off():
    article = due(0)

    with pytest.raises(Refused):
        signing.put_off(article, by=builders.user("Manager"), reason="Later")
    assert Article.objects.get().live.signature.extended_until is None


def test_a_corrected_wording_does_not_get_more_time_than_its_signature():
    article = due(-1, body="<p>Walk a little less and wear soft shoes for some weeks.</p>")
    signing.put_off(article, by=builders.user("Manager"), reason="Later")
    text = {name: getattr(article.latest, name) for name in writing.FIELDS}
    text["body"] = text["body"].replace("soft", "firm")

    fixed = writing.keep(
        article, text, topics=article.latest.topics.all(), by=builders.user("Editor"), based_on=article.latest
    )

    assert fixed.signature.extended_until == TODAY + signing.PUT_OFF_BY


def test_a_check_put_off_is_told_of_again_before_its_new_day():
    article = due(-1)
    remind()
    signing.put_off(article, by=builders.user("Manager"), reason="Later")

    with in_days(signing.PUT_OFF_BY.days - 30):
        remind()

    assert steps() == [(article.pk, 0), (article.pk, 30)]


@pytest.mark.parametrize(("role", "offered"), [("Manager", True), ("Editor", False), ("Clinician", False)])
def test_putting_off_is_offered_to_managers(client, role, offered):
    article = due(-1)
    client.force_login(builders.user(role))

    steps_ = client.get(reverse("admin:articles_article_change", args=[article.pk])).context["steps"]

    assert ("extend" in [form.step for form in steps_]) == offered


# The queue


def queue_of(client, person):
    client.force_login(person.user)
    return client.get(reverse("admin:index")).context


def submitted(theo, **fields):
    article = builders.article(**fields)
    publishing.submit(article, to=theo, by=builders.user("Editor"))
    return article


def test_the_queue_is_sorted_by_risk_then_by_readers(client):
    theo = builders.clinician()
    grave = builders.topic("Back", cards=[CareCard.objects.filter(level="emergency").first()])
    pressing = builders.topic("Calf", cards=[CareCard.objects.filter(level="urgent").first()])
    due(3, signer=theo, title="Due and grave", main_topic=grave)
    due(3, signer=theo, title="Due")
    few, many = submitted(theo, title="Few readers"), submitted(theo, title="Many readers")
    submitted(theo, title="Urgent card", main_topic=pressing)
    submitted(theo, title="Emergency card", main_topic=grave)
    submitted(builders.clinician("Mara Ruiz"), title="Not mine")
    Article.objects.filter(pk=many.pk).update(views=few.views + 100)
    remind()

    context = queue_of(client, theo)

    assert [row.article.latest.title for row in context["queue"]] == [
        *("Emergency card", "Urgent card", "Many readers", "Few readers"),
        *("Due and grave", "Due"),
    ]


def test_each_row_says_why_it_waits_and_how_long_it_takes(client):
    theo = builders.clinician()
    long_body = "<p>" + "word " * 1000 + "</p>"
    again = builders.signed_article(title="Again", body=long_body, signer=builders.clinician("Mara Ruiz"))
    text = {name: getattr(again.latest, name) for name in writing.FIELDS}
    text["body"] = long_body + "<p>These nine words here are really all quite new.</p>"
    writing.keep(
        again, text, topics=again.latest.topics.all(), by=builders.user("Editor"), based_on=again.latest
    )
    publishing.submit(again, to=theo, by=builders.user("Editor"))
    submitted(theo, title="New", body=long_body)
    due(3, signer=theo, title="Due", body=long_body)
    remind()

    rows = {row.article.latest.title: row for row in queue_of(client, theo)["queue"]}

    assert {title: (row.is_new, row.words_changed, row.minutes) for title, row in rows.items()} == {
        "Again": (False, 9, 1),
        "New": (True, 0, 5),
        "Due": (False, 0, 5),
    }
    assert rows["Due"].due_on == TODAY + timedelta(days=3)


def test_a_long_queue_shows_ten_and_how_many_more(client):
    theo, author, topic = builders.clinician(), builders.therapist("Mara"), builders.topic("Heel")
    for number in range(12):
        submitted(theo, title=f"Article {number}", author=author, main_topic=topic)

    context = queue_of(client, theo)

    assert (len(context["queue"]), context["queue_rest"]) == (10, 2)
    listed = client.get(context["queue_url"]).context["cl"].result_list
    assert len(listed) == 12


@pytest.mark.parametrize("role", ["Clinician", "Editor", "Front desk", "Manager"])
@pytest.mark.parametrize("count", [1, 12])
def test_the_first_page_costs_fourteen_queries_at_most(client, django_assert_max_num_queries, role, count):
    theo = builders.clinician()
    for _ in range(count):
        submitted(theo)
        builders.appointment_request()
    client.force_login(theo.user if role == "Clinician" else builders.user(role))
    facts.publish()

    with django_assert_max_num_queries(14):
        client.get(reverse("admin:index"))
