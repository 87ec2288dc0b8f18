from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles import html
from articles.models.topic import Topic
from clinic.models import Picture


class Text(models.Model):
    """Everything a reader gets to see of an article: what is signed, compared and restored as one."""

    title = models.CharField(_("title"), max_length=80)
    summary = models.TextField(
        _("lead"), max_length=300, blank=True, help_text=_("What it is, who gets it, what usually happens.")
    )
    body = models.TextField(_("text"), blank=True)
    description = models.CharField(_("description for search engines"), max_length=160, blank=True)
    call_to_action = models.CharField(
        _("heading of the call to action"),
        max_length=200,
        blank=True,
        help_text=_("Stands over the button “Ask for an appointment”."),
    )

    author = models.ForeignKey(
        "staff.Therapist",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("written by"),
    )
    main_topic = models.ForeignKey(
        Topic, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("main topic")
    )
    topics = models.ManyToManyField(Topic, blank=True, verbose_name=_("topics"))
    lead_picture = models.ForeignKey(
        Picture, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("picture")
    )
    sources = models.JSONField(_("sources"), default=list, blank=True)
    disclosure = models.CharField(
        _("who paid, or helped write"),
        max_length=200,
        blank=True,
        help_text=_("Sponsors, interests, help by an AI. Shown under the text."),
    )
    permission_on_file = models.CharField(
        _("permission to quote a patient"),
        max_length=200,
        blank=True,
        help_text=_("Where the signed paper is kept. Never shown to readers."),
    )

    class Meta:
        abstract = True

    def __str__(self):
        return self.title

    @property
    def inserted_cards(self):
        """Return the short names of the care cards that the author put into the text."""
        return html.card_slugs(self.body)


class Revision(Text):
    """One complete text of an article. The database refuses to change it; saving makes another."""

    # Why a revision was made that nobody has worked on yet; stored, so never translated.
    IMPORTED = "Imported"

    article = models.ForeignKey("articles.Article", models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()

    # Made from the body when the revision is saved, so that a page is a query and a template.
    html = models.TextField(editable=False)
    outline = models.JSONField(default=list, editable=False)
    word_count = models.PositiveIntegerField(default=0, editable=False)

    # The signature in force; the text above it never changes, this pointer may.
    signature = models.ForeignKey(
        "articles.Signature", models.PROTECT, null=True, editable=False, related_name="+"
    )
    was_public_before = models.BooleanField(_("was public before it was imported"), default=False)
    reason = models.CharField(_("why"), max_length=200, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-number"]
        verbose_name = _("revision")
        verbose_name_plural = _("revisions")
        constraints = [
            models.UniqueConstraint(fields=["article", "number"], name="one_revision_a_number"),
        ]

    @property
    def reading_minutes(self):
        """Return the time to read, at 200 words a minute, at least one."""
        return max(1, round(self.word_count / 200))


class WorkingCopy(Text):
    """The text somebody is writing: one per article, saved often, never in the history."""

    article = models.OneToOneField("articles.Article", models.CASCADE, related_name="working_copy")
    based_on = models.ForeignKey(Revision, models.PROTECT, null=True, related_name="+")
    version = models.PositiveIntegerField(default=1)
    holder = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    updated_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("working copy")
        verbose_name_plural = _("working copies")
