from django.core.management.base import BaseCommand

from clinic.models import SearchEntry
from clinic.search import index
from clinic.site import indexing


class Command(BaseCommand):
    help = "Write the search index afresh. Safe to repeat, and while the site is in use."

    def handle(self, **options):
        index.distrust()
        indexing.refresh_all()
        self.stdout.write(f"{SearchEntry.objects.count()} articles, therapists and pages can be found.")
