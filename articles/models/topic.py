from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from articles.models.cards import CareCard


class TopicQuerySet(models.QuerySet):
    def covered_by(self, articles):
        """Those on which there is something to read among these articles."""
        return self.filter(revision__in=articles.values("live")).distinct()


class Topic(models.Model):
    """What patients look for: a condition, a treatment or a part of the body."""

    class Kind(models.TextChoices):
        CONDITION = "condition", _("Condition")
        TREATMENT = "treatment", _("Treatment")
        BODY_AREA = "body_area", _("Body area")

    name = models.CharField(_("name"), max_length=60, unique=True)
    slug = models.SlugField(_("address on this site"), max_length=60, unique=True)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.BODY_AREA)
    teaser = models.CharField(_("teaser"), max_length=80, blank=True)
    introduction = models.TextField(_("introduction"), max_length=600, blank=True)
    required_cards = models.ManyToManyField(
        CareCard,
        blank=True,
        related_name="topics",
        verbose_name=_("care cards"),
        help_text=_("Every article on this topic shows these."),
    )
    also_called = models.TextField(
        _("also called"), blank=True, help_text=_("One name a line, as patients say it. Found by the search.")
    )
    featured = models.ManyToManyField(
        "articles.Article",
        blank=True,
        related_name="+",
        verbose_name=_("read first"),
        help_text=_("Shown before the newest ones where we suggest what to read next."),
    )
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    # Cards of the articles to read next, made by articles.related; an article page needs no query for them.
    suggestions = models.JSONField(default=list, editable=False)

    objects = TopicQuerySet.as_manager()

    class Meta:
        ordering = ["position", "name"]
        verbose_name = _("topic")
        verbose_name_plural = _("topics")

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("topic_detail", args=[self.slug])

    @property
    def other_names(self):
        return self.also_called.splitlines()
