"""How fast search and long lists are at 5,000 articles, on SQLite or DATABASE_URL: `make bench`."""

import random
import re
from datetime import timedelta
from statistics import median, quantiles
from time import perf_counter

import pytest
from django.core.handlers.base import BaseHandler
from django.db import connection
from django.db.models import OuterRef, Subquery
from django.test import RequestFactory
from django.utils import timezone

from articles import html, paging
from articles.models import Article, Revision, Topic
from clinic import facts
from clinic.models import SearchEntry
from clinic.site import indexing
from clinic.site.demo import reading

ARTICLES = 5_000
WORDS = 600
RUNS = 25
SLOWEST_SEARCH_MS = 20
SEARCHES = [
    "pain",
    "knee",
    "knee pain stairs",
    "slipped disc",
    '"frozen shoulder"',
    "stretching exercises",
    "physio",
    "why does my heel hurt in the morning",
    "sciatica surgery",
    "dizz",
    "Arthritis of the hip",
    "leaking when I cough",
    "zebra",
]


@pytest.mark.django_db(transaction=True)
def test_search_and_long_lists_at_five_thousand_articles(capsys):
    write_articles()
    facts.publish()
    started = perf_counter()
    indexing.refresh_all()
    indexed_in = perf_counter() - started
    tidy_up()
    get = server()

    searches = timed(get, {typed: ("/search/", {"q": typed}) for typed in SEARCHES})
    after = paging.key(Article.objects.order_by("published_at")[100])
    topic = Topic.objects.first().get_absolute_url()
    lists = timed(
        get,
        {
            path + place: (path, query)
            for path in ("/articles/", topic)
            for place, query in (("", {}), (" (deep)", {"after": after}))
        },
    )

    every = [moment for moments in searches.values() for moment in moments]
    with capsys.disabled():
        print(f"\n{connection.vendor}, {ARTICLES} articles of {WORDS} words, indexed in {indexed_in:.0f} s")
        for name, moments in (searches | lists).items():
            print(f"  {median(moments):6.1f} ms  {name}")
        print(
            f"  {median(every):6.1f} ms  median of all searches, {quantiles(every, n=20)[-1]:.1f} ms the 95th"
        )
    assert SearchEntry.objects.count() == ARTICLES
    assert median(every) < SLOWEST_SEARCH_MS
    for path in ("/articles/", topic):
        # A tenth is noise.
        assert median(lists[f"{path} (deep)"]) < median(lists[path]) * 1.1


def write_articles():
    """Store articles made of the sentences of the demo clinic, straight into the tables."""
    chance = random.Random(3)
    now = timezone.now()
    sentences = [
        sentence
        for _facts, body in reading.texts("articles")
        for sentence in re.split(r"(?<=[.?!])\s+", html.plain_text(html.clean(body)))
    ]
    topics = Topic.objects.bulk_create(
        Topic(name=row["name"], slug=row["slug"]) for row in reading.table("topics")
    )
    articles = Article.objects.bulk_create(
        Article(slug=f"article-{number}", published_at=now - timedelta(hours=number), changed_at=now)
        for number in range(ARTICLES)
    )
    revisions = Revision.objects.bulk_create(
        (revision(article, sentences, chance, chance.choice(topics)) for article in articles), batch_size=500
    )
    through = Revision.topics.through
    through.objects.bulk_create(through(revision=row, topic=row.main_topic) for row in revisions)
    own = Subquery(Revision.objects.filter(article=OuterRef("pk")).values("pk"))
    Article.objects.update(live=own, latest=own, status=Article.Status.PUBLISHED)


def revision(article, sentences, chance, topic):
    body, words = [], 0
    while words < WORDS:
        body.append(chance.choice(sentences))
        words += len(body[-1].split())
    markup = "".join(f"<p>{sentence}</p>" for sentence in body)
    return Revision(
        article=article,
        number=1,
        title=chance.choice(sentences)[:80],
        summary=chance.choice(sentences)[:300],
        body=markup,
        html=markup,
        word_count=words,
        main_topic=topic,
    )


def tidy_up():
    """Let the database do now what it does by itself in time."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def server():
    """Return a function that answers a GET as the server does, without the test client's bookkeeping."""
    handler = BaseHandler()
    handler.load_middleware()

    def get(path, query):
        response = handler.get_response(RequestFactory().get(path, query))
        assert response.status_code == 200

    return get


def timed(get, requests):
    """Return the milliseconds of several answers to each request, taken in turns so that noise hits all."""
    moments = {name: [] for name in requests}
    for run in range(RUNS + 1):
        for name, (path, query) in requests.items():
            started = perf_counter()
            get(path, query)
            # The first answers warm up.
            if run:
                moments[name].append((perf_counter() - started) * 1000)
    return moments
