from django.core.management.base import BaseCommand, CommandError

from appointments import person
from clinic.models import AuditEvent
from clinic.moves import Stale

LONGEST_REASON = AuditEvent._meta.get_field("reason").max_length


class Command(BaseCommand):
    help = "Erase who one person is and what they wrote, in all of their requests. There is no way back."

    def add_arguments(self, parser):
        parser.add_argument("who", metavar="WHO", help="a phone number, an e-mail address or a reference")
        parser.add_argument("--reason", metavar="TEXT", required=True, help="kept for years; name nobody")
        parser.add_argument("--close", action="store_true", help="withdraw open requests first")
        parser.add_argument("--dry-run", action="store_true", help="only tell what would be erased")
        parser.add_argument("--yes", action="store_true", help="do not ask")

    def handle(self, *, who, reason, close, dry_run, yes, **options):
        try:
            found = person.find(who)
        except person.NotOnePerson as refusal:
            raise CommandError(str(refusal)) from refusal
        for request in found.unerased:
            self.stdout.write(_line(request))
        for request in found.others:
            self.stdout.write(f"{_line(request)} – not erased: the name is another one")
        self.refuse_unless_sensible(found, reason, close)
        if dry_run:
            return
        if not yes:
            self.ask(len(found.unerased))
        try:
            erased = person.erase(found, reason=reason)
        except Stale as stale:
            raise CommandError("Someone worked on one of them. Nothing is erased. Try again.") from stale
        self.tell_what_stays(erased)

    def refuse_unless_sensible(self, found, reason, close):
        if not found.unerased:
            raise CommandError("Nothing is left to erase.")
        if found.open and not close:
            references = ", ".join(map(str, found.open))
            raise CommandError(f"Still open: {references}. Close them, or add --close to withdraw them.")
        if not reason.strip() or len(reason) > LONGEST_REASON:
            raise CommandError(f"Say why, in at most {LONGEST_REASON} letters.")

    def ask(self, count):
        """Let nobody erase more than they mean to."""
        self.stdout.write(f"This can’t be undone. Type how many requests to erase ({count}): ", ending="")
        self.stdout.flush()
        try:
            typed = input()
        except EOFError:
            typed = ""
        if typed.strip() != str(count):
            raise CommandError("Nothing is erased.")

    def tell_what_stays(self, erased):
        self.stdout.write("Erased. Reference, location, times and outcome stay, for counting:")
        for request in erased:
            self.stdout.write(_line(request))
        self.stdout.write("Backups forget them within 35 days.")


def _line(request):
    parts = (request.reference, request.location.name, f"{request.received_at:%B %Y}")
    return "  ".join((*parts, str(request.get_status_display())))
