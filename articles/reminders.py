"""Remind clinicians of checks that fall due: one mail a day each, about all of them."""

from collections import Counter
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from articles import reviewers
from articles.models import Article, ArticleEvent, Reminder
from clinic import outbox

# In days before the check is due.
STEPS = (60, 30, 7, 0)
DAYS_A_WEEK = 7


@transaction.atomic
def remind(now):
    """Tell each clinician of the checks that have come nearer since the last mail, and managers of those due.

    After a long pause only the nearest step is told, and nobody gets a second mail on the same day.
    Managers are told once a week for as long as a check is due, also of those that nobody here may do.
    """
    today = timezone.localdate(now)
    told_today = set(Reminder.objects.filter(told_on=today).values_list("therapist", flat=True))
    new = [
        reminder
        for article, therapist in _in_charge(today)
        if therapist.pk not in told_today and (reminder := _claim(article, therapist, today, now))
    ]
    first_of_each = {reminder.therapist_id: reminder.pk for reminder in reversed(new)}
    for reminder_id in first_of_each.values():
        outbox.owe("checks_due", reminder_id)
    if Article.objects.due_by(today).exists():
        outbox.owe("checks_overdue", today.toordinal() // DAYS_A_WEEK)


def _claim(article, therapist, today, now):
    """Return the reminder of the step that is reached, or None if it was told already."""
    days_left = (article.check_due_on - today).days
    reminder, is_new = Reminder.objects.get_or_create(
        article=article,
        therapist=therapist,
        due_on=article.check_due_on,
        days_before=min(step for step in STEPS if days_left <= step),
        defaults={"told_on": today},
    )
    if not is_new:
        return None
    ArticleEvent.objects.create(
        article=article, revision=article.live, step="reminded", remark=therapist.full_name, at=now
    )
    return reminder


def _in_charge(today):
    """Yield each article that is due soon with its clinician: the signer, else whoever has least to do.

    Without a newer draft only: a check of that would be of the newer words.
    """
    able = list(reviewers.able(today))
    due = Article.objects.due_by(today + timedelta(days=STEPS[0])).filter(status=Article.Status.PUBLISHED)
    due = list(due.select_related("live__signature").order_by("check_due_on", "pk"))
    rows = Reminder.objects.filter(article__in=due).order_by("pk")
    last_told = {(row.article_id, row.due_on): row.therapist_id for row in rows}
    load = Counter()
    for article in due:
        others = {person.pk: person for person in able if _may_check(person, article.live)}
        signer = article.live.signature and article.live.signature.therapist_id
        told = last_told.get((article.pk, article.check_due_on))
        chosen = next((pk for pk in (signer, told) if pk in others), None)
        chosen = chosen or min(others, key=lambda pk: (load[pk], pk), default=None)
        if chosen:
            load[chosen] += 1
            yield article, others[chosen]


def _may_check(therapist, text):
    has_saved = therapist.user_id is not None and therapist.user_id == text.created_by_id
    return not has_saved and therapist.pk != text.author_id
