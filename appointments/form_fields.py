"""Form fields of the patient's journey."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic.models import Location


class LocationField(forms.ModelChoiceField):
    """A location that takes requests online; for one that does not, the error names its phone."""

    def to_python(self, value):
        try:
            return super().to_python(value)
        except ValidationError:
            closed = Location.objects.filter(slug=str(value).replace("\x00", "")).first()
            if closed is None:
                raise
            words = {"name": closed.name, "phone": closed.phone}
            raise ValidationError(
                _("%(name)s takes no requests online. Call %(phone)s, or choose another location.") % words,
                code="closed",
            ) from None

    def label_from_instance(self, location):
        return _("%(name)s, %(street)s, %(city)s") % {
            "name": location.name,
            "street": location.street,
            "city": location.city,
        }


class CountedTextarea(forms.Textarea):
    """A box under which counter.js says how many characters are left."""

    def __init__(self, most):
        words = {
            "data-left": gettext_lazy("# characters left"),
            "data-one-left": gettext_lazy("1 character left"),
            "data-too-many": gettext_lazy("# too many"),
        }
        super().__init__(attrs={"rows": 4, "data-most": most, **words})
