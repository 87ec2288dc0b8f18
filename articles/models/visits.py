from django.db import models

from articles.models.article import Article


class VisitCount(models.Model):
    """How often an article was opened on one day; nothing about readers."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="visit_counts")
    day = models.DateField()
    visits = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = "count of visits"
        verbose_name_plural = "counts of visits"
        constraints = [models.UniqueConstraint(fields=["article", "day"], name="one_visit_count_a_day")]

    def __str__(self):
        return f"{self.day}: {self.visits}"
