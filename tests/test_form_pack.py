"""The templates/forms pack: what a screen reader is told about each field."""

from html.parser import HTMLParser

import pytest
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Fieldset, Layout, Submit
from crispy_forms.utils import render_crispy_form
from django import forms
from django.template.loader import render_to_string


class DemoForm(forms.Form):
    use_required_attribute = False

    name = forms.CharField(label="Full name", error_messages={"required": "Enter your full name"})
    phone = forms.CharField(
        label="Phone number",
        help_text="We call from 555-0140.",
        error_messages={"required": "Enter a phone number"},
    )
    place = forms.ChoiceField(
        label="Location",
        help_text="You can change this later.",
        choices=[("northside", "Northside"), ("mill-road", "Mill Road")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose a location"},
    )
    days = forms.MultipleChoiceField(
        label="Days",
        choices=[("mon", "Monday"), ("tue", "Tuesday")],
        widget=forms.CheckboxSelectMultiple(attrs={"class": "chips"}),
        required=False,
    )
    quiet = forms.BooleanField(label="Don't e-mail me", required=False)
    notes = forms.CharField(label="Notes", widget=forms.Textarea, required=False)
    token = forms.CharField(widget=forms.HiddenInput, error_messages={"required": "Reload the page"})

    def clean(self):
        raise forms.ValidationError("Enter a phone number or an e-mail address")

    @property
    def helper(self):
        helper = FormHelper()
        helper.form_tag = False
        helper.disable_csrf = True
        helper.layout = Layout(
            Fieldset("Who is it for?", "name", "phone", css_class="who"),
            Div("place", "days", "quiet", css_class="when"),
            "notes",
            "token",
            Submit("go", "Check your answers"),
        )
        return helper


class Page(HTMLParser):
    """The elements of a page in order, and the text directly in and under each."""

    VOID = frozenset({"input", "br", "img", "meta", "link"})

    def __init__(self, markup):
        super().__init__()
        self.elements, self.open = [], []
        self.feed(markup)

    def handle_starttag(self, tag, attrs):
        element = {"tag": tag, "text": "", "inside": [above["tag"] for above in self.open], **dict(attrs)}
        self.elements.append(element)
        if tag not in self.VOID:
            self.open.append(element)

    def handle_endtag(self, tag):
        assert self.open.pop()["tag"] == tag

    def handle_data(self, data):
        for element in self.open:
            element["text"] = f"{element['text']} {data}"

    def all(self, tag, **attributes):
        return [
            element
            for element in self.elements
            if element["tag"] == tag and all(element.get(key) == value for key, value in attributes.items())
        ]

    def texts(self, tag, **attributes):
        return [" ".join(element["text"].split()) for element in self.all(tag, **attributes)]

    def text_of(self, ids):
        return [
            " ".join(e["text"].split()) for one in ids.split() for e in self.elements if e.get("id") == one
        ]


@pytest.fixture
def empty():
    return Page(render_crispy_form(DemoForm()))


@pytest.fixture
def refused():
    return Page(render_crispy_form(DemoForm({"days": ["mon"]})))


def summary(form):
    return Page(render_to_string("forms/_error_summary.html", {"form": form}))


def test_a_field_is_described_by_its_hint(empty):
    (phone,) = empty.all("input", name="phone")

    assert empty.text_of(phone["aria-describedby"]) == ["We call from 555-0140."]
    assert "aria-invalid" not in phone


def test_a_refused_field_is_described_by_its_hint_and_then_its_error(refused):
    (phone,) = refused.all("input", name="phone")

    assert refused.text_of(phone["aria-describedby"]) == [
        "We call from 555-0140.",
        "Error: Enter a phone number",
    ]
    assert phone["aria-invalid"] == "true"


def test_a_group_of_choices_is_a_fieldset_described_by_its_hint_and_error(refused):
    (group,) = refused.all("fieldset", **{"aria-describedby": "id_place_helptext id_place_error"})
    first, second = refused.all("input", type="radio")

    assert refused.text_of(group["aria-describedby"]) == [
        "You can change this later.",
        "Error: Choose a location",
    ]
    assert (first["inside"].count("fieldset"), second["inside"].count("fieldset")) == (1, 1)
    assert refused.texts("legend") == ["Who is it for?", "Location", "Days (optional)"]


def test_every_control_has_its_own_label(empty):
    controls = [e for e in empty.elements if e["tag"] in ("input", "textarea") and e.get("type") != "hidden"]

    labels = [label["for"] for label in empty.all("label")]

    assert labels == [control["id"] for control in controls]
    assert len(labels) == 8


def test_only_what_may_stay_empty_is_marked_optional(empty):
    assert empty.texts("label") == [
        "Full name",
        "Phone number",
        "Northside",
        "Mill Road",
        "Monday",
        "Tuesday",
        "Don't e-mail me",
        "Notes (optional)",
    ]


def test_no_control_asks_the_browser_to_check_it(refused):
    assert [element for element in refused.elements if "required" in element] == []


def test_what_was_chosen_is_still_chosen_after_an_error(refused):
    assert [box["value"] for box in refused.all("input", name="days") if "checked" in box] == ["mon"]


def test_choices_are_drawn_as_chips_on_request(empty):
    assert len(empty.all("div", **{"class": "control chips"})) == 1


def test_the_layout_draws_sections_groups_and_buttons(empty):
    assert len(empty.all("fieldset", **{"class": "form-section who"})) == 1
    assert len(empty.all("div", **{"class": "when"})) == 1
    assert empty.texts("button", type="submit", name="go") == ["Check your answers"]


def test_the_summary_links_to_the_first_control_of_every_refused_field_people_see(refused):
    page = summary(DemoForm({"days": ["mon"]}))

    targets = [link["href"].removeprefix("#") for link in page.all("a")]

    assert page.texts("a") == ["Enter your full name", "Enter a phone number", "Choose a location"]
    assert targets == ["id_name", "id_phone", "id_place_0"]
    assert [len([e for e in refused.elements if e.get("id") == target]) for target in targets] == [1, 1, 1]


def test_the_summary_tells_errors_that_belong_to_no_visible_field_without_a_link():
    page = summary(DemoForm({"name": "Alma Reyes", "phone": "555-0177", "place": "mill-road"}))

    assert page.texts("li") == ["Enter a phone number or an e-mail address", "Reload the page"]
    assert page.all("a") == []


def test_the_summary_is_an_alert_with_a_heading_that_takes_focus():
    page = summary(DemoForm({}))

    (box,) = page.all("div", role="alert")

    assert page.text_of(box["aria-labelledby"]) == ["There is a problem"]
    assert (box["tabindex"], "autofocus" in box) == ("-1", True)


def test_there_is_no_summary_without_errors():
    assert summary(DemoForm()).elements == []


def test_what_people_typed_is_escaped():
    markup = render_crispy_form(DemoForm({"name": '"><script>'}))

    assert 'value="&quot;&gt;&lt;script&gt;"' in markup
    assert Page(markup).all("script") == []
