from django.db import models
from django.db.models import Case, Value, When
from django.utils.translation import gettext_lazy as _

from clinic.search.grammar import Query
from clinic.search.matching import Matches, Part


class SearchEntryQuerySet(models.QuerySet):
    def matching(self, query):
        """Those that hold all that is looked for, best first: by title, by lead, by what comes often."""
        distance = Case(
            When(Matches(query, Part.TITLE), then=0),
            When(Matches(query, Part.LEAD), then=1),
            When(Matches(query, Part.GIST), then=2),
            default=3,
        )
        return self.filter(Matches(query, Part.ALL)).order_by(distance, "kind", "-object_id")

    def near(self, query, part):
        """Those that hold any of what is looked for in a part of theirs, the most of it first."""
        found = sum(
            (Case(When(Matches(Query((thing,)), part), then=1), default=0) for thing in query.things),
            start=Value(0),
        )
        return self.filter(Matches(query, part)).order_by(found.desc(), "kind", "-object_id")


class SearchEntry(models.Model):
    """What search shows of an article, a therapist or a page. Derived: `manage.py index_search` makes it.

    Its stems are kept beside it for the database alone: in columns of PostgreSQL that Django does not
    know, on SQLite in the FTS5 table clinic_searchterms, whose rowid is the entry's id.
    """

    class Kind(models.IntegerChoices):
        """In the order in which results of the same rank stand."""

        ARTICLE = 1, _("Article")
        THERAPIST = 2, _("Therapist")
        PAGE = 3, _("Page")

    kind = models.PositiveSmallIntegerField(choices=Kind)
    object_id = models.PositiveBigIntegerField()
    url = models.CharField(max_length=200)
    title = models.CharField(max_length=200)
    text = models.TextField(blank=True)
    digest = models.CharField(max_length=64)

    objects = SearchEntryQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["kind", "object_id"], name="one_search_entry_an_object"),
        ]

    def __str__(self):
        return self.url
