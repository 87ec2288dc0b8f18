from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from appointments.models import AppointmentRequest
from clinic import facts, picture_child, pictures
from clinic.models import Picture
from clinic.site import indexing
from clinic.site.demo import articles, counts, documents, people, places, requests, tasks
from clinic.site.demo.pictures import ALT, draw


class Command(BaseCommand):
    help = "Load the demo clinic. Safe to repeat; refuses a site that has real requests."

    def handle(self, **options):
        if AppointmentRequest.objects.real().exists():
            raise CommandError("This site has real appointment requests, so the demo clinic stays out.")
        with transaction.atomic():
            load()
        facts.publish()
        indexing.refresh_all()
        people.write_logins()


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
