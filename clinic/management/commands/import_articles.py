from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse
from django.utils.translation import gettext as _

from articles.importers.intake import READERS, bring_in
from articles.importers.parsed import ImportRefused
from staff.models import Therapist


class Command(BaseCommand):
    help = f"Import articles ({', '.join(READERS)}) as drafts. Safe to repeat: the same file is stored once."

    def add_arguments(self, parser):
        parser.add_argument("files", nargs="+", metavar="FILE", type=Path)
        parser.add_argument("--author", metavar="SLUG", help="the short name of the therapist who wrote them")

    def handle(self, *, files, author, **options):
        author = self.therapist(author) if author else None
        refused = []
        for path in files:
            try:
                self.tell(bring_in(path, author=author))
            except ImportRefused as refusal:
                refused.append(str(refusal))
        if refused:
            raise CommandError("\n".join(refused))

    def therapist(self, slug):
        try:
            return Therapist.objects.get(slug=slug)
        except Therapist.DoesNotExist:
            known = ", ".join(Therapist.objects.values_list("slug", flat=True))
            raise CommandError(
                _("There is no therapist “%(slug)s”. There are: %(known)s.") % {"slug": slug, "known": known}
            ) from None

    def tell(self, report):
        kept = report.parsed.kept
        self.stdout.write(f"{report.name}: {report.outcome}")
        self.stdout.write(
            _("  kept: “%(title)s”, %(headings)d headings, %(paragraphs)d paragraphs, %(words)d words")
            % {"title": report.parsed.title, **vars(kept)}
        )
        for label, notes in [
            (_("dropped"), report.parsed.dropped),
            (_("doubt"), report.doubts),
            (_("to do"), report.to_do),
        ]:
            for note in notes:
                self.stdout.write(f"  {label}: {note}")
        address = reverse("admin:articles_article_change", args=[report.article.pk])
        self.stdout.write(f"  {settings.SITE_URL}{address}")
