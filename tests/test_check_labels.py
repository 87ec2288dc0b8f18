"""A page says exactly what is true about the check of its text: four labels, one at a time."""

from datetime import UTC, date, datetime

import pytest
from django.template.loader import render_to_string
from django.utils.html import strip_tags

from articles.check_labels import CheckLabel, check_label
from articles.models import Revision, Signature
from staff.models import Therapist

DUE = date(2026, 11, 3)
SIGNED = date(2024, 11, 3)


def text_of(signature=None, **fields):
    """A text by Mara Lindqvist that is in no database."""
    fields = {"author": Therapist(name="Mara Lindqvist", suffix="DPT"), **fields}
    return Revision(signature=signature, **fields)


def signature(**fields):
    return Signature(
        **{"pk": 1, "signed_as": "Theo Okafor, PT, OCS", "signed_on": SIGNED, "next_review_on": DUE, **fields}
    )


def sentences(label):
    """What readers see of a label, as one line."""
    return " ".join(strip_tags(render_to_string("articles/_check.html", {"check": label})).split())


def test_a_signed_text_names_signer_and_day():
    label = check_label(text_of(signature()), date(2026, 11, 3))

    assert label == CheckLabel(
        "checked", author="Mara Lindqvist, DPT", name="Theo Okafor, PT, OCS", on=SIGNED, next_on=DUE
    )
    assert sentences(label) == (
        "Checked by Theo Okafor, PT, OCS, on 3 November 2024 "
        "This check covers exactly these words. Next check by 3 November 2026."
    )


def test_the_day_after_the_next_check_was_due_the_check_is_overdue():
    label = check_label(text_of(signature()), date(2026, 11, 4))

    assert label.kind == "overdue"
    assert sentences(label) == (
        "This check is overdue Theo Okafor, PT, OCS, checked this text on 3 November 2024. "
        "The next check was due by 3 November 2026."
    )


def test_an_unsigned_text_says_who_wrote_it_and_that_nobody_checked_it():
    label = check_label(text_of(), DUE)

    assert label == CheckLabel("unchecked", author="Mara Lindqvist, DPT")
    assert sentences(label) == "Written by Mara Lindqvist, DPT; not checked by a second clinician"


def test_a_text_of_the_earlier_site_says_so():
    label = check_label(text_of(was_public_before=True, author=None), DUE)

    assert label == CheckLabel("before")
    assert sentences(label) == ("Published before, not yet checked This text comes from our earlier website.")


def test_a_text_of_the_earlier_site_that_was_signed_since_is_checked():
    assert check_label(text_of(signature(), was_public_before=True), DUE).kind == "checked"


@pytest.mark.parametrize(
    "created_at, corrected_on",
    [
        (datetime(2025, 6, 2, 15, tzinfo=UTC), "2 June 2025"),
        (datetime(2025, 6, 3, 3, tzinfo=UTC), "2 June 2025"),
    ],
    ids=["in the morning", "before midnight at the clinic"],
)
def test_a_carried_signature_says_when_the_wording_was_corrected(created_at, corrected_on):
    label = check_label(text_of(signature(carried_from_id=7), created_at=created_at), DUE)

    assert sentences(label) == (
        "Checked by Theo Okafor, PT, OCS, on 3 November 2024 "
        "Next check by 3 November 2026. "
        f"Wording corrected on {corrected_on}."
    )


def test_names_in_a_label_are_text():
    label = check_label(text_of(signature(signed_as="<b>Theo</b>, PT")), DUE)

    assert "<strong>Checked by &lt;b&gt;Theo&lt;/b&gt;, PT, on" in " ".join(
        render_to_string("articles/_check.html", {"check": label}).split()
    )
