"""The text of an article as its editor fills it in, with its sources in rows."""

from types import SimpleNamespace

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from articles import html
from articles.article_editor import ArticleWidget, PictureSelect
from articles.models import Article, Topic, WorkingCopy
from articles.source_forms import SourceFormSet
from articles.writing import FIELDS
from clinic.form_fields import LineField, LinesField
from staff.models import Therapist

# In bytes of HTML.
LONGEST_BODY = 500_000
# What search engines show of it; more is kept.
TITLE_SHOWN = 60
TITLE_CUT = _("Search engines may cut the end.")


def counted(limit, **attributes):
    """Return the attributes of a box whose characters are counted beside it."""
    return {"data-count": limit, **attributes}


class TextForm(forms.ModelForm):
    """A whole text: its fields, its sources, and which text the writer started from."""

    use_required_attribute = False

    body = forms.CharField(label=_("Text"), required=False, widget=ArticleWidget)
    reason = LineField(label=_("What did you change?"), max_length=200, required=False)
    # Revision and version of the working copy that the writer saw: whoever comes second is told.
    based_on = forms.IntegerField(required=False, widget=forms.HiddenInput)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = WorkingCopy
        fields = [
            *("title", "summary", "body", "author", "main_topic", "topics", "lead_picture"),
            *("description", "call_to_action", "disclosure", "permission_on_file"),
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
            "title": forms.TextInput(counted(TITLE_SHOWN, **{"data-over": TITLE_CUT})),
            "summary": forms.Textarea(counted(300, rows=3)),
            "description": forms.Textarea(counted(160, rows=2)),
            "topics": forms.CheckboxSelectMultiple({"class": "chips"}),
            "lead_picture": PictureSelect,
        }
        error_messages = {"title": {"required": _("Enter a title.")}}

    def __init__(self, data=None, *, text, based_on=None, version=0):
        further = [topic for topic in text.topics.all() if topic != text.main_topic]
        initial = {name: getattr(text, name) for name in FIELDS} | {"topics": further}
        super().__init__(data, initial={**initial, "based_on": based_on, "version": version})
        self.fields["author"].empty_label = self.fields["main_topic"].empty_label = _("Choose one")
        # A posted row that equals what it was drawn from would count as empty.
        self.sources = SourceFormSet(data, initial=None if data else text.sources, prefix="sources")
        self.fields["author"].queryset = Therapist.objects.filter(
            Q(left_on=None, is_outside=False) | Q(pk=text.author_id)
        )

    def is_valid(self):
        # Asked first, so that everything is said at once.
        if not self.sources.is_valid():
            self.add_error(None, _("Look at the sources: a row is not complete."))
        return super().is_valid()

    def clean_body(self):
        body = self.cleaned_data["body"]
        if len(body.encode()) > LONGEST_BODY:
            raise ValidationError(_("This text is longer than 500 kB. Split it into two articles."))
        return body

    def is_overtaken(self, article):
        """Tell whether the article was saved or written in another window since this form was drawn."""
        copy = getattr(article, "working_copy", None)
        is_rewritten = copy is not None and copy.version != (self.cleaned_data.get("version") or 0)
        return is_rewritten or self.cleaned_data.get("based_on") != article.latest_id

    @property
    def text(self):
        """Return what the verbs of articles.writing take as a text."""
        sources = [form.source for form in self.sources if form.cleaned_data.get("title")]
        return {**{name: self.cleaned_data[name] for name in FIELDS if name != "sources"}, "sources": sources}

    @property
    def topics(self):
        return self.cleaned_data["topics"]

    @property
    def as_stored(self):
        """Return the posted text in the shape of a stored one, to be compared with those."""
        main_topic = self.cleaned_data["main_topic"]
        topics = self.topics | Topic.objects.filter(pk=main_topic and main_topic.pk)
        return SimpleNamespace(**self.text | {"body": html.clean(self.text["body"])}, topics=topics)

    @property
    def words(self):
        return [self[name] for name in ("title", "summary", "body")]

    @property
    def surroundings(self):
        return [self[name] for name in ("author", "main_topic", "topics", "lead_picture", "description")]

    @property
    def rarities(self):
        return [self[name] for name in ("call_to_action", "disclosure", "permission_on_file")]

    @property
    def has_rarities(self):
        return any(field.value() or field.errors for field in self.rarities)


class UnfinishedTextForm(TextForm):
    """A text in the middle of being typed: what is filled in well is kept, the rest stays as it was."""

    def __init__(self, data, *, text):
        super().__init__(data, text=text)
        self.before = text
        self.fields["title"].required = False

    @property
    def text(self):
        names = [name for name in FIELDS if name != "sources"]
        text = {name: self.cleaned_data.get(name, getattr(self.before, name)) for name in names}
        rows = [row for row in self.sources if row.is_valid() and row.cleaned_data.get("title")]
        return {**text, "sources": [row.source for row in rows]}

    @property
    def topics(self):
        return self.cleaned_data.get("topics", self.before.topics.all())

    @property
    def complaints(self):
        """Return one sentence a mistake, each with the label of its field."""
        return [
            f"{form.fields[name].label}: {message}" if name in form.fields else message
            for form in [self, *self.sources]
            for name, messages in form.errors.items()
            for message in messages
        ]


class StartForm(forms.Form):
    """What is decided once for an article, before its text is written."""

    use_required_attribute = False

    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=Article.Kind,
        initial=Article.Kind.HEALTH,
        widget=forms.RadioSelect({"class": "chips"}),
        help_text=_("Health articles need sources and a clinician’s sign-off. News needs neither."),
    )
    title = LineField(
        label=_("Title"),
        max_length=80,
        help_text=_("You can change it later."),
        widget=forms.TextInput(counted(TITLE_SHOWN, **{"data-over": TITLE_CUT})),
        error_messages={"required": _("Enter a title.")},
    )
    slug = forms.SlugField(
        label=_("Address on this site"),
        max_length=60,
        required=False,
        help_text=_("Made from the title if you leave it empty."),
    )
