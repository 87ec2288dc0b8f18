"""What every page relies on: light style sheets, nothing inline, error pages that stand alone."""

import re
from pathlib import Path

import brotli
import pytest
from django import forms
from django.template import Context, Template
from django.template.loader import render_to_string

from clinic import static_files

ROOT = Path(__file__).parent.parent
STYLES = ROOT / "clinic/static/clinic"
INLINE = re.compile(r"\sstyle=|\son[a-z]+=|<style|<script(?![^>]*(src=|application/ld\+json))")
FAILURES = ["400", "403", "403_csrf", "404", "410", "413", "415", "429", "500", "503", "maintenance"]
FACTS = {
    "name": "Harbor Physical Therapy",
    "phone": "(312) 555-0140",
    "phone_href": "tel:+13125550140",
    "hours_line": "Open now until 7 pm",
    "emergency_number": "911",
}


class NameForm(forms.Form):
    name = forms.CharField(error_messages={"required": "Enter your full name"})


@pytest.mark.parametrize("own", ["reading.css", "form.css"])
def test_the_style_sheets_of_a_page_stay_light(own):
    sheets = [(STYLES / name).read_bytes() for name in ("tokens.css", "site.css", own)]

    assert sum(len(brotli.compress(static_files.lighter(css))) for css in sheets) <= 8_000


def test_a_sheet_loses_what_only_we_read_and_keeps_every_rule():
    css = b'/* why\n */\n@layer base {\n  a::after { content: "a  b"; }\n\n  /* of links */\n}\n'

    assert static_files.lighter(css) == b'@layer base {\na::after { content: "a  b"; }\n}\n'


def test_the_font_stays_light_and_has_its_licence_beside_it():
    assert (STYLES / "fonts/atkinson-hyperlegible-next.woff2").stat().st_size <= 25_000
    assert "SIL OPEN FONT LICENSE" in (STYLES / "fonts/OFL.txt").read_text().upper()


def test_no_template_needs_an_exception_from_the_content_security_policy():
    templates = {path.relative_to(ROOT): path.read_text() for path in (ROOT / "templates").rglob("*.html")}

    assert len(templates) > 40
    assert [str(path) for path, text in templates.items() if INLINE.search(text)] == []


@pytest.mark.parametrize(
    "markup", ['<p style="x">', '<a onclick="x">', "<style>", "<script>", '<script type="module">']
)
def test_the_search_for_inline_code_finds_it(markup):
    assert INLINE.search(markup)


@pytest.mark.parametrize("name", FAILURES)
def test_a_failure_page_shows_phone_hours_and_the_emergency_number(name):
    page = render_to_string(f"{name}.html", {"fallback": FACTS})

    assert page.count('href="tel:+13125550140">(312) 555-0140<') == 1
    assert page.count("Open now until 7 pm") == 1
    assert page.count("call <strong>911</strong>") == 1


@pytest.mark.parametrize("name", FAILURES)
def test_a_failure_page_needs_no_facts_at_all(name):
    page = render_to_string(f"{name}.html")

    assert page.count("<h1>") == 1
    assert page.count("tel:") == 0


@pytest.mark.parametrize(
    ("form", "title"),
    [
        (NameForm(), "<title>Ask for an appointment · Harbor</title>"),
        (NameForm({}), "<title>Error: Ask for an appointment · Harbor</title>"),
    ],
    ids=["fresh", "refused"],
)
def test_the_title_of_a_refused_form_begins_with_error(form, title):
    source = (
        '{% extends "form_page.html" %}{% block title_text %}Ask for an appointment{% endblock %}'
        "{% block header %}{% endblock %}{% block footer %}{% endblock %}"
    )

    page = Template(source).render(Context({"form": form, "site": {"clinic": {"name": "Harbor"}}}))

    assert re.findall(r"<title>.*</title>", page) == [title]
