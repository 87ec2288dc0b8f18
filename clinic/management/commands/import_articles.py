from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse
from django.utils.translation import gettext as _

from articles.importers.intake import MOST_BYTES, READERS, bring_in
from articles.importers.parsed import ImportRefused
from articles.importers.wordpress.takeover import Takeover
from staff.models import Therapist

WORDPRESS = ".xml"
LINE_EVERY = 50
BAR_WIDTH = 40


class Command(BaseCommand):
    help = (
        f"Import articles ({', '.join([*READERS, WORDPRESS])}). Safe to repeat: the same text is stored once."
    )

    def add_arguments(self, parser):
        parser.add_argument("files", nargs="+", metavar="FILE", type=Path)
        parser.add_argument("--author", metavar="SLUG", help="the short name of the therapist who wrote them")
        wordpress = parser.add_argument_group(
            "WordPress", "What was public there stays public, as not yet checked; the rest are drafts."
        )
        wordpress.add_argument("--media", metavar="DIR", type=Path, help="a copy of wp-content/uploads")
        wordpress.add_argument(
            "--topics", metavar="FILE", type=Path, help="which categories and tags are which topics (TOML)"
        )
        wordpress.add_argument("--dry-run", action="store_true", help="only tell what would be stored")

    def handle(self, *, files, author, media, topics, dry_run, **options):
        author = self.therapist(author) if author else None
        refused = []
        for path in files:
            try:
                if path.suffix.lower() == WORDPRESS:
                    self.take_over(
                        Takeover(path, author=author, media=media, topics=topics), stores=not dry_run
                    )
                else:
                    self.tell(bring_in(path.name, content_of(path), author=author))
            except ImportRefused as refusal:
                refused.append(str(refusal))
        if refused:
            raise CommandError("\n".join(refused))

    def take_over(self, takeover, *, stores):
        summary = takeover.run(stores=stores, progress=self.progress)
        self.stdout.write(f"{takeover.path.name}:" if stores else f"{takeover.path.name}, nothing stored:")
        for line in summary.lines():
            self.stdout.write(f"  {line}")

    def progress(self, done, total):
        if self.stderr.isatty():
            bar = "█" * (BAR_WIDTH * done // total)
            ending = "\n" if done == total else ""
            self.stderr.write(f"\r{bar:░<{BAR_WIDTH}} {done}/{total}", style_func=str, ending=ending)
            self.stderr.flush()
        elif done % LINE_EVERY == 0 or done == total:
            self.stderr.write(f"{done}/{total}", style_func=str)

    def therapist(self, slug):
        try:
            return Therapist.objects.get(slug=slug)
        except Therapist.DoesNotExist:
            known = ", ".join(Therapist.objects.values_list("slug", flat=True))
            raise CommandError(
                _("There is no therapist “%(slug)s”. There are: %(known)s.") % {"slug": slug, "known": known}
            ) from None

    def tell(self, report):
        self.stdout.write(f"{report.name}: {report.outcome}")
        self.stdout.write(
            _(
                "  kept: “%(title)s”. Words %(words)d, headings %(headings)d, paragraphs %(paragraphs)d, "
                "lists %(lists)d, links %(links)d, tables %(tables)d, pictures %(pictures)d"
            )
            % {"title": report.parsed.title, **vars(report.kept)}
        )
        for label, notes in [
            (_("dropped"), report.dropped),
            (_("doubt"), report.doubts),
            (_("to do"), report.to_do),
        ]:
            for note in notes:
                self.stdout.write(f"  {label}: {note}")
        address = reverse("admin:articles_article_change", args=[report.article.pk])
        self.stdout.write(f"  {settings.SITE_URL}{address}")


def content_of(path):
    """Return the bytes of a file, cut where it is longer than any reader takes."""
    try:
        with path.open("rb") as file:
            return file.read(MOST_BYTES + 1)
    except OSError as error:
        raise ImportRefused(
            _("%(name)s could not be read: %(why)s.") % {"name": path.name, "why": error.strerror}
        ) from error
