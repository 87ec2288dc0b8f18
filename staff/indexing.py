"""Let people find the therapists that patients may meet."""

from clinic.models import SearchEntry
from clinic.search import index
from staff.models import Therapist

THERAPIST = SearchEntry.Kind.THERAPIST


def refresh(therapist):
    """Make the profile of a therapist findable; who is hidden or gone is found no more."""
    if not therapist.is_shown:
        index.drop(THERAPIST, therapist.pk)
        return
    places = (location.name for location in therapist.locations.all())
    index.put(
        THERAPIST,
        therapist.pk,
        url=therapist.get_absolute_url(),
        title=therapist.full_name,
        lead=". ".join([therapist.job_title, *therapist.specialty_list]),
        text="\n".join([therapist.biography, therapist.education, therapist.languages, *places]),
    )


def refresh_all():
    """Bring the index up to date with all therapists."""
    listed = Therapist.objects.listed()
    for therapist in listed.prefetch_related("locations"):
        refresh(therapist)
    index.keep_only(THERAPIST, listed.values("pk"))
