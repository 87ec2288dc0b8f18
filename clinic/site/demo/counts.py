"""Six weeks of counts: how often articles were opened, and how the warning signs were answered."""

from datetime import timedelta
from random import Random

from django.utils import timezone

from appointments.models import ScreeningCount
from articles.models import Article, CareCard, VisitCount
from articles.models.cards import Level

DAYS = 42
Step = ScreeningCount.Step


def load():
    """Store the counts, unless somebody has been counted already."""
    if VisitCount.objects.exists() or ScreeningCount.objects.exists():
        return
    dice = Random(2027)  # noqa: S311
    today = timezone.localdate()
    days = [today - timedelta(days=ago) for ago in range(1, DAYS + 1)]
    VisitCount.objects.bulk_create(_visits(days, dice))
    ScreeningCount.objects.bulk_create(_answers(days, dice))


def _visits(days, dice):
    for article in Article.objects.published():
        most = dice.randint(4, 40)
        for day in days:
            if day >= timezone.localdate(article.published_at):
                yield VisitCount(article=article, day=day, visits=dice.randint(1, most))


def _answers(days, dice):
    for card in CareCard.objects.shown().filter(level=Level.EMERGENCY):
        for day in days:
            for step, count in _answers_of_a_day(dice).items():
                if count:
                    yield ScreeningCount(wording=card.live, day=day, step=step, count=count)


def _answers_of_a_day(dice):
    """Return counts that agree: nobody answers what was not shown, or comes back without a yes."""
    shown = dice.randint(0, 9)
    answers = dice.choices((Step.NONE, Step.YES, Step.NOT_SURE, None), (80, 4, 8, 8), k=shown)
    yes = answers.count(Step.YES)
    return {
        Step.SHOWN: shown,
        Step.NONE: answers.count(Step.NONE),
        Step.YES: yes,
        Step.NOT_SURE: answers.count(Step.NOT_SURE),
        Step.CAME_BACK: dice.randint(0, yes),
    }
