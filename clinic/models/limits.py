from django.db import models
from django.utils import timezone


class Hit(models.Model):
    """That somebody did something once: a keyed hash of what and who, forgotten after a day."""

    bucket = models.CharField(max_length=64)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "counted access"
        verbose_name_plural = "counted accesses"
        indexes = [models.Index(fields=["bucket", "at"], name="hits_of_a_bucket")]

    def __str__(self):
        return f"{self.at}"


class CacheEntry(models.Model):
    """A row of Django's database cache, in whose words this table is: short counts of signing in."""

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "clinic_cache"
        verbose_name = "cache entry"
        verbose_name_plural = "cache entries"

    def __str__(self):
        return self.cache_key
