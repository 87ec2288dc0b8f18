"""What a request is found by: one row a word of a name, a phone number or an e-mail address."""

from django.db import models
from django.db.models.lookups import BuiltinLookup
from django.utils.translation import gettext_lazy as _

from appointments.models.request import AppointmentRequest

# Sorts behind every key with the same beginning.
LAST = "\U0010ffff"


class SearchKey(models.Model):
    request = models.ForeignKey(AppointmentRequest, models.CASCADE, related_name="search_keys")
    key = models.CharField(max_length=260)

    class Meta:
        verbose_name = _("search key")
        verbose_name_plural = _("search keys")
        constraints = [models.UniqueConstraint(fields=["request", "key"], name="one_search_key_once")]
        indexes = [
            models.Index(
                fields=["key", "request"],
                # Else PostgreSQL uses the index for beginnings only where it compares bytes.
                opclasses=["varchar_pattern_ops", "int8_ops"],
                name="search_keys_by_beginning",
            ),
        ]

    def __str__(self):
        return f"key of {self.request_id}"


@models.CharField.register_lookup
class BeginsWith(BuiltinLookup):
    """Compare beginnings by the index, which SQLite's LIKE ... ESCAPE does not."""

    lookup_name = "begins_with"

    def as_sqlite(self, compiler, connection):
        column, params = self.process_lhs(compiler, connection)
        return f"({column} >= %s AND {column} < %s)", [*params, self.rhs, *params, self.rhs + LAST]

    def as_postgresql(self, compiler, connection):
        column, params = self.process_lhs(compiler, connection)
        return f"{column} LIKE %s", [*params, connection.ops.prep_for_like_query(self.rhs) + "%"]
