"""The lists over the articles of the admin: each says how many it holds, and holds them."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from articles import reminders, signing
from tests import builders

NOW = datetime(2026, 11, 3, 15, tzinfo=UTC)


@pytest.mark.django_db
def test_a_check_that_falls_due_waits_for_the_clinician_who_was_told(client):
    signer, other = builders.clinician("Mara"), builders.clinician("Theo")
    with time_machine.travel(NOW, tick=False):
        builders.published_article(
            title="Sore heel", signer=signer, now=NOW - signing.REVIEW_AFTER + timedelta(days=7)
        )
        reminders.remind(NOW)

        seen = {}
        for person in (signer, other):
            client.force_login(person.user)
            page = client.get("/admin/articles/article/", {"list": "mine"}).context["cl"]
            [tab] = [choice for choice in page.filter_specs[0].choices(page) if choice["selected"]]
            seen[person.name] = [article.latest.title for article in page.result_list], tab["count"]

    assert seen == {"Mara": (["Sore heel"], 1), "Theo": ([], 0)}
