from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from appointments.models import AppointmentRequest
from articles.models import Article
from clinic import facts, picture_child, pictures
from clinic.models import Clinic, Picture
from clinic.site import indexing
from clinic.site.demo import (
    articles,
    belongings,
    counts,
    documents,
    people,
    places,
    removal,
    requests,
    tasks,
)
from clinic.site.demo.pictures import ALT, draw
from staff.models import User


class Command(BaseCommand):
    help = "Load the demo clinic, or take it away. Safe to repeat; loads over no real requests."

    def add_arguments(self, parser):
        parser.add_argument("--remove", action="store_true", help="take the demo clinic away")
        parser.add_argument("--yes", action="store_true", help="don't ask before")

    def handle(self, remove, yes, **options):
        if remove:
            self.remove(is_sure=yes)
        else:
            self.load()

    def load(self):
        if AppointmentRequest.objects.real().exists():
            raise CommandError("This site has real appointment requests, so the demo clinic stays out.")
        with transaction.atomic():
            load()
        facts.publish()
        indexing.refresh_all()
        people.write_logins()

    def remove(self, *, is_sure):
        clinic = Clinic.objects.first() or Clinic()
        counts = {
            "real appointment requests": AppointmentRequest.objects.real().count(),
            "articles of your own": Article.objects.exclude(pk__in=belongings.of(Article)).count(),
            "people of your own": User.objects.exclude(pk__in=belongings.persons()).count(),
        }
        stay = ", ".join(f"{count} {what}" for what, count in counts.items())
        self.stdout.write(f"Everything of the demo clinic goes. These stay: {stay}.")
        if not is_sure and input(f"To go on, type the clinic's name ({clinic}): ").strip() != str(clinic):
            raise CommandError("That is not the name, so nothing was removed.")
        for sentence in removal.remove():
            self.stdout.write(sentence)
        self.stdout.write("The demo clinic is gone.")


def load():
    """Store the demo clinic from its facts to its requests."""
    drawn = {name: _picture(name) for name in ALT}
    places.load_clinic(drawn)
    locations = places.load_locations(drawn)
    therapists = people.load_therapists(drawn, locations)
    logins = people.load_logins(locations)
    editor, manager = logins["editor@harbor.example"], logins["manager@harbor.example"]
    places.load_pages(by=editor)
    documents.load(by=editor)
    topics = articles.load_topics()
    articles.load_articles(topics, therapists, drawn, editor=editor, manager=manager)
    tasks.load_outside_reviewer()
    tasks.load(locations, by=editor)
    requests.load_requests(locations)
    counts.load()


def _picture(name):
    alt, caption = ALT[name]
    title = name.replace("-", " ").title()
    return Picture.objects.filter(title=title).first() or pictures.store(
        picture_child.encode(draw(name)), title=title, alt=alt, caption=caption
    )
