"""Where a request comes from: what its sender read, asked for and answered before the form.

It travels in links and hidden inputs and is looked up again on every page; what is unknown here
counts as not told.
"""

from dataclasses import dataclass
from urllib.parse import urlencode

from django import forms

from appointments.intake import Arrival
from appointments.models.choices import Purpose, Screening
from appointments.screening import emergency_wording
from articles.models import Article, CareCardVersion
from articles.models.cards import Level
from clinic.models import Location
from staff.models import Therapist

# What a link into the journey may name.
LINKED = ("article", "therapist", "location", "card", "purpose")


class OriginForm(forms.Form):
    article = forms.ModelChoiceField(
        Article.objects.published().select_related("live"), to_field_name="slug", required=False
    )
    therapist = forms.ModelChoiceField(
        Therapist.objects.taking_new_patients(), to_field_name="slug", required=False
    )
    location = forms.ModelChoiceField(
        Location.objects.taking_requests(), to_field_name="slug", required=False
    )
    card = forms.ModelChoiceField(
        CareCardVersion.objects.filter(card__level=Level.EMERGENCY).select_related("card"), required=False
    )
    screening = forms.ChoiceField(choices=Screening, required=False)
    # The other purposes are for the form alone to ask about.
    purpose = forms.ChoiceField(choices=[(Purpose.CHANGE, Purpose.CHANGE.label)], required=False)


@dataclass(frozen=True)
class Origin:
    """What is known; `card` is the wording of the emergency card that this patient sees."""

    article: Article | None
    therapist: Therapist | None
    location: Location | None
    card: CareCardVersion | None
    screening: str
    purpose: str | None

    def arrival(self, suspicions=()):
        """Return what is stored about how a request came."""
        return Arrival(
            screening=self.screening,
            card_version=self.card,
            article=self.article,
            suspicions=tuple(suspicions),
        )

    @property
    def beside(self):
        """Return what stands beside the answers in hidden inputs."""
        article = {"article": self.article.slug} if self.article else {}
        card = {"card": self.card.pk} if self.card else {}
        return {**article, **card}

    @property
    def named(self):
        """Return what a link, or a form without answers, hands on."""
        chosen = {"therapist": self.therapist, "location": self.location}
        slugs = {name: record.slug for name, record in chosen.items() if record}
        return {**self.beside, **slugs, **({"purpose": self.purpose} if self.purpose else {})}

    @property
    def likely_location(self):
        """Return the place a link named, else the only one where the therapist asked for works."""
        if self.location or not self.therapist:
            return self.location
        places = list(self.therapist.locations.taking_requests()[:2])
        return places[0] if len(places) == 1 else None

    @property
    def query(self):
        return urlencode(self.named)

    @property
    def was_not_asked(self):
        return self.screening == Screening.DIRECT


def read(given):
    """Return the Origin that a query or a posted form tells."""
    form = OriginForm(given)
    form.is_valid()
    told = {name: form.cleaned_data.get(name) for name in form.fields}
    if not told["screening"]:
        _read_link(told)
    told["card"] = told["card"] or emergency_wording(told["article"])
    return Origin(**told)


def _read_link(told):
    """Take a link that names the live wording for "none of these"; an older wording counts as unseen."""
    if told["card"] and told["card"].card.live_id != told["card"].pk:
        told["card"] = None
    told["screening"] = Screening.NONE if told["card"] else Screening.DIRECT
