"""Bring the whole search index up to date: it is derived, so whatever is missing or gone is mended here."""

from articles import indexing as articles
from clinic import pages
from staff import indexing as therapists


def refresh_all():
    """Make findable what readers see, and sweep out the rest; what is unchanged costs a query."""
    articles.refresh_all()
    therapists.refresh_all()
    pages.refresh_all_in_index()
