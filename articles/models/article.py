from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.models.signature import due_day
from articles.models.text import Revision
from clinic.moves import Move

SHOWN_ON_CARDS = ("live", "live__author", "live__main_topic", "live__lead_picture", "live__signature")


class ArticleQuerySet(models.QuerySet):
    def published(self):
        return self.filter(live__isnull=False).exclude(status=Article.Status.ARCHIVED)

    def for_lists(self):
        """Fetch with each article what its card in a list shows, without the long texts."""
        long = ("live__body", "live__html", "live__main_topic__suggestions")
        return self.select_related(*SHOWN_ON_CARDS).defer(*long)

    def for_reading(self):
        """Fetch with an article all that its page shows, in one query."""
        return self.select_related(*SHOWN_ON_CARDS, "live__author__photo", "live__signature__therapist")

    def checked(self, today):
        """Those whose text carries a signature that is not overdue."""
        return self.alias(due_on=due_day("live__signature__")).filter(due_on__gte=today)

    def with_due_day(self):
        """Add to each article the day on which its public text is to be checked next."""
        due_on = Coalesce(due_day("live__signature__"), "first_check_due_on")
        return self.annotate(check_due_on=due_on)

    def due_by(self, day):
        """Those on the site whose text is to be checked on this day or before."""
        return self.published().with_due_day().filter(check_due_on__lte=day)

    def on_topic(self, topic):
        return self.filter(live__topics=topic)

    def by_therapist(self, therapist):
        return self.filter(live__author=therapist)

    def to_publish(self, now):
        """Those whose time to go public has come."""
        return self.filter(publish_at__lte=now)

    def to_archive(self, now):
        """Those whose time to go off the site has come."""
        return self.filter(archive_at__lte=now)

    def linking_to(self, article):
        """Those whose public text links to this one."""
        return self.filter(live__body__contains=f'{article.get_absolute_url()}"').exclude(pk=article.pk)

    def scheduled(self):
        return self.exclude(publish_at=None, archive_at=None)

    def awaiting(self, therapist):
        return self.filter(status=Article.Status.IN_REVIEW, asked=therapist)


class Article(models.Model):
    """A place on the site. Its texts are revisions: `live` is what readers see, `latest` the newest."""

    class Kind(models.TextChoices):
        HEALTH = "health", _("Health article")
        NEWS = "news", _("News")

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        IN_REVIEW = "in_review", _("Waiting for sign-off")
        SIGNED = "signed", _("Signed off")
        PUBLISHED = "published", _("Published")
        ARCHIVED = "archived", _("Archived")

    slug = models.SlugField(_("address on this site"), max_length=60, unique=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.HEALTH)

    status = models.CharField(
        _("state of the newest text"), max_length=10, choices=Status, default=Status.DRAFT
    )
    live = models.ForeignKey(Revision, models.PROTECT, null=True, editable=False, related_name="+")
    latest = models.ForeignKey(Revision, models.PROTECT, null=True, editable=False, related_name="+")
    asked = models.ForeignKey(
        "staff.Therapist",
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("asked to sign off"),
    )

    # Where the text came from and the hash of that file, so that a second import makes no second article.
    imported_from = models.CharField(max_length=200, blank=True, editable=False)
    import_digest = models.CharField(max_length=64, blank=True, editable=False)
    import_report = models.JSONField(default=dict, editable=False)

    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    published_at = models.DateTimeField(_("first published"), null=True, editable=False)
    changed_at = models.DateTimeField(_("live text of"), null=True, editable=False)

    publish_at = models.DateTimeField(_("goes public"), null=True, editable=False)
    archive_at = models.DateTimeField(_("goes off the site"), null=True, editable=False)
    # Where readers are sent once the article is in the archive; empty: the page is gone.
    archive_target = models.CharField(max_length=200, blank=True, editable=False)
    scheduled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    # When a text that was public before its import is to be checked for the first time.
    first_check_due_on = models.DateField(_("first check due"), null=True, editable=False)
    # About how often it was opened; a guide to what matters, not statistics.
    views = models.PositiveIntegerField(_("views"), default=0, editable=False)

    objects = ArticleQuerySet.as_manager()

    class Meta:
        ordering = ["-published_at", "-id"]
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        permissions = [
            ("sign_off", "Can sign off articles"),
            ("publish", "Can publish articles"),
            ("publish_unreviewed", "Can publish health articles without a signature"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(status="published") | Q(live__isnull=False, published_at__isnull=False),
                name="published_articles_have_a_text",
            ),
            models.UniqueConstraint(
                fields=["imported_from"], condition=~Q(imported_from=""), name="one_article_an_import"
            ),
        ]
        indexes = [
            models.Index(
                fields=["-published_at", "-id"], condition=Q(live__isnull=False), name="articles_newest_first"
            ),
        ]

    def __str__(self):
        return self.latest.title if self.latest_id else self.slug

    def get_absolute_url(self):
        return reverse("article_detail", args=[self.slug])

    @property
    def is_health(self):
        return self.kind == self.Kind.HEALTH

    @property
    def is_public(self):
        return self.live_id is not None and self.status != self.Status.ARCHIVED

    @property
    def is_scheduled(self):
        return self.publish_at is not None or self.archive_at is not None

    @property
    def has_unpublished_text(self):
        return self.is_public and self.latest_id != self.live_id

    @property
    def fresh_import_report(self):
        """Return what an import lost, until somebody has saved a text of their own."""
        return self.import_report if self.latest.reason == Revision.IMPORTED else {}

    def has_shown(self, revision):
        """Tell whether readers have ever seen this text of the article."""
        return self.events.filter(revision=revision, step__in=GOES_LIVE).exists()

    @property
    def steps(self):
        """Return the names of the moves allowed from here."""
        return [name for name, step in MOVES.items() if step.is_allowed(self.status)]


_written = frozenset(
    {Article.Status.DRAFT, Article.Status.IN_REVIEW, Article.Status.SIGNED, Article.Status.PUBLISHED}
)

MOVES = {
    "revise": Move(_("Save"), _("Saved"), _written, Article.Status.DRAFT),
    "correct": Move(_("Correct the wording"), _("Wording corrected"), _written, Article.Status.SIGNED),
    "submit": Move(
        _("Ask for sign-off"),
        _("Sign-off asked for"),
        # Once more, or somebody else, when nobody answers.
        frozenset({Article.Status.DRAFT, Article.Status.IN_REVIEW}),
        Article.Status.IN_REVIEW,
    ),
    "sign_off": Move(
        _("Sign off"),
        _("Signed off"),
        frozenset({Article.Status.DRAFT, Article.Status.IN_REVIEW}),
        Article.Status.SIGNED,
    ),
    "check_again": Move(_("Check again"), _("Checked again"), frozenset({Article.Status.PUBLISHED})),
    "send_back": Move(
        _("Send back"), _("Sent back"), frozenset({Article.Status.IN_REVIEW}), Article.Status.DRAFT
    ),
    "publish": Move(
        _("Publish"), _("Published"), frozenset({Article.Status.SIGNED}), Article.Status.PUBLISHED
    ),
    "publish_unsigned": Move(
        _("Publish without a check"),
        _("Published without a check"),
        frozenset({Article.Status.DRAFT, Article.Status.IN_REVIEW}),
        Article.Status.PUBLISHED,
    ),
    "take_over": Move(
        _("Keep public"),
        _("Kept public from the earlier site"),
        frozenset({Article.Status.DRAFT}),
        Article.Status.PUBLISHED,
    ),
    "schedule": Move(
        _("Publish at a time"),
        _("Time of publishing set"),
        frozenset({Article.Status.SIGNED, Article.Status.DRAFT}),
    ),
    "schedule_end": Move(
        _("Take off at a time"), _("Time of archiving set"), frozenset({Article.Status.PUBLISHED})
    ),
    "unschedule": Move(_("Drop the set time"), _("Set time dropped"), _written),
    "rename": Move(_("Change the address"), _("Address changed"), _written),
    "extend": Move(_("Put the check off"), _("Check put off"), frozenset({Article.Status.PUBLISHED})),
    "roll_back": Move(_("Roll back"), _("Rolled back"), _written, Article.Status.DRAFT),
    "archive": Move(_("Archive"), _("Archived"), _written, Article.Status.ARCHIVED),
    "restore": Move(
        _("Take out of the archive"),
        _("Taken out of the archive"),
        frozenset({Article.Status.ARCHIVED}),
        Article.Status.DRAFT,
    ),
}

GOES_LIVE = {"publish", "publish_unsigned", "take_over", "roll_back"}


class ArticleEvent(models.Model):
    """A step in the life of an article: who, when, which text, and the remark that came with it."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="events")
    revision = models.ForeignKey(Revision, models.PROTECT, null=True, related_name="+")
    step = models.CharField(max_length=20)
    remark = models.TextField(max_length=1000, blank=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    # Wrong second details given at the review link of this step; too many close it.
    wrong_tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["-at", "-id"]
        verbose_name = _("step")
        verbose_name_plural = _("steps")

    def __str__(self):
        return self.step

    @property
    def label(self):
        return MOVES[self.step].done if self.step in MOVES else PASSIVE[self.step]


# What happens to an article without moving it.
PASSIVE = {
    "reminded": _("A clinician was reminded of the check"),
    "objected": _("The signer objected to the corrected wording"),
    "missed": _("Could not be published at the set time"),
}
