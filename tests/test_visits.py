from collections import Counter

import pytest
from django.utils import timezone

from articles import visits
from tests import builders

pytestmark = pytest.mark.django_db


def test_visits_come_together_and_are_written_later(client, monkeypatch):
    article = builders.published_article()
    monkeypatch.setattr(visits, "_seen", Counter())

    client.get(article.get_absolute_url())
    client.get(article.get_absolute_url())
    article.refresh_from_db()
    at_first = article.views
    monkeypatch.setattr(visits, "_written_at", visits._written_at - visits.WRITE_EVERY)
    client.get(article.get_absolute_url())

    article.refresh_from_db()
    assert (at_first, article.views) == (0, 3)


def test_visits_of_an_article_that_is_gone_are_forgotten():
    article = builders.published_article()

    visits.write({article.pk: 2, article.pk + 1: 5})

    article.refresh_from_db()
    assert article.views == 2


def test_visits_are_kept_by_day_for_the_reports():
    article = builders.published_article()

    visits.write({article.pk: 2})
    visits.write({article.pk: 3})

    assert list(article.visit_counts.values_list("day", "visits")) == [(timezone.localdate(), 5)]
