import json
import os

from django.core.management.base import BaseCommand, CommandError
from django.core.serializers.json import DjangoJSONEncoder

from appointments import person, person_copy


class Command(BaseCommand):
    help = "Write all that is held about one person as JSON."

    def add_arguments(self, parser):
        parser.add_argument("who", metavar="WHO", help="a phone number, an e-mail address or a reference")
        parser.add_argument("--output", metavar="FILE", help="a new file, which you alone may read")

    def handle(self, *, who, output, **options):
        try:
            found = person.find(who)
        except person.NotOnePerson as refusal:
            raise CommandError(str(refusal)) from refusal
        file = _new_file(output) if output else None
        copy = json.dumps(person_copy.of(found), cls=DjangoJSONEncoder, ensure_ascii=False, indent=2)
        if file is None:
            self.stdout.write(copy)
        else:
            with file:
                file.write(f"{copy}\n")
        if found.others:
            references = ", ".join(map(str, found.others))
            self.stderr.write(f"Left out, because the name is another one: {references}", style_func=str)


def _new_file(path):
    try:
        return open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8")
    except OSError as error:
        raise CommandError(f"{path} can’t be made: {error.strerror}. Choose another name.") from error
