"""The text of an article as its editor fills it in, with its sources in rows."""

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.templatetags.static import static
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.models import Article, CareCard, WorkingCopy
from articles.writing import FIELDS
from clinic import prose
from clinic.form_fields import LineField, LinesField
from staff.models import Therapist

LONGEST_BODY = 500_000
EXTENSIONS = prose.EXTENSIONS | {"Heading": {"levels": [2, 3, 4]}, "PictureFigure": True}
SOURCE_KINDS = [
    ("", _("Choose one")),
    ("guideline", _("Guideline")),
    ("review", _("Review of studies")),
    ("trial", _("Single study")),
    ("reference", _("Reference work")),
]


class TextWidget(prose.ProseWidget):
    """The editor, with the care cards of the library and what else our texts may hold."""

    def get_config(self):
        names = dict(CareCard.objects.values_list("slug", "name"))
        config = super().get_config()
        extensions = config["extensions"] | {"CareCard": {"names": names}}
        return config | {"extensions": extensions, "js_modules": [static("clinic/article_text.js")]}


class SourceForm(forms.Form):
    """One source; a row without a title is left out."""

    use_required_attribute = False

    title = LineField(label=_("Title"), max_length=300, required=False)
    publisher = LineField(label=_("Publisher or journal"), max_length=200, required=False)
    year = forms.IntegerField(
        label=_("Year"), min_value=1900, required=False, widget=forms.NumberInput({"class": "width-5"})
    )
    url = forms.URLField(label=_("Web address"), max_length=500, required=False, assume_scheme="https")
    accessed = forms.DateField(
        label=_("Looked up on"), required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=SOURCE_KINDS, required=False)

    def clean_year(self):
        year = self.cleaned_data["year"]
        if year and year > timezone.localdate().year + 1:
            raise ValidationError(_("Enter the year in which it came out."))
        return year

    def clean(self):
        rest = {name: value for name, value in self.cleaned_data.items() if name != "title"}
        if any(rest.values()) and not self.cleaned_data.get("title"):
            self.add_error("title", _("Enter the title of this source, or empty the whole row."))

    @property
    def source(self):
        """Return the row as it is stored, without what is empty."""
        facts = {name: self.cleaned_data.get(name) for name in self.fields}
        if facts["accessed"]:
            facts["accessed"] = facts["accessed"].isoformat()
        return {name: value for name, value in facts.items() if value}


SourceFormSet = forms.formset_factory(SourceForm, extra=2, max_num=40, absolute_max=60)


class TextForm(forms.ModelForm):
    """A whole text: its fields, its sources, and which text the writer started from."""

    use_required_attribute = False

    body = forms.CharField(
        label=_("Text"), max_length=LONGEST_BODY, required=False, widget=TextWidget(extensions=EXTENSIONS)
    )
    reason = LineField(label=_("What did you change?"), max_length=200, required=False)
    # Revision and version of the working copy that the writer saw: whoever comes second is told.
    based_on = forms.IntegerField(required=False, widget=forms.HiddenInput)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = WorkingCopy
        fields = [
            *("title", "summary", "body", "call_to_action", "author", "main_topic", "topics"),
            *("lead_picture", "description", "disclosure", "permission_on_file"),
        ]
        field_classes = {
            "title": LineField,
            "summary": LinesField,
            "call_to_action": LineField,
            "description": LineField,
            "disclosure": LineField,
            "permission_on_file": LineField,
        }
        labels = {"topics": _("Further topics")}
        widgets = {
            "summary": forms.Textarea({"rows": 3}),
            "topics": forms.CheckboxSelectMultiple({"class": "chips"}),
        }
        error_messages = {"title": {"required": _("Enter a title.")}}

    def __init__(self, data=None, *, text=None, based_on=None, version=0):
        initial = {"based_on": based_on, "version": version}
        if text is not None:
            initial |= {name: getattr(text, name) for name in FIELDS}
            initial["topics"] = [topic for topic in text.topics.all() if topic != text.main_topic]
        super().__init__(data, initial=initial)
        sources = text.sources if text is not None else []
        self.sources = SourceFormSet(data, initial=sources, prefix="sources")
        self.fields["author"].queryset = Therapist.objects.filter(
            Q(left_on=None) | Q(pk=text.author_id if text is not None else None)
        )

    def is_valid(self):
        # Asked first, so that everything is said at once.
        if not self.sources.is_valid():
            self.add_error(None, _("Look at the sources: a row is not complete."))
        return super().is_valid()

    @property
    def text(self):
        """Return what the verbs of articles.writing take as a text."""
        sources = [form.source for form in self.sources if form.cleaned_data.get("title")]
        return {**{name: self.cleaned_data[name] for name in FIELDS if name != "sources"}, "sources": sources}

    @property
    def topics(self):
        return self.cleaned_data["topics"]


class NewTextForm(TextForm):
    """The first text of an article, and what is decided once: its kind and its address."""

    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=Article.Kind,
        initial=Article.Kind.HEALTH,
        widget=forms.RadioSelect({"class": "chips"}),
        help_text=_("Health articles need sources and a clinician's sign-off. News needs neither."),
    )
    slug = forms.SlugField(
        label=_("Address on this site"),
        max_length=60,
        required=False,
        help_text=_("Made from the title if you leave it empty. It never changes afterwards."),
    )

    # Nothing has changed yet.
    reason = None

    field_order = ["kind", "title", "slug"]
