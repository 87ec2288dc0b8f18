"""Terms of the field and their plain twins."""

import pytest

from articles import reading
from articles.glossary import Jargon, jargon


@pytest.mark.parametrize(
    "text, found",
    [
        ("An analgesic helps.", [Jargon("analgesic", "painkiller")]),
        ("Analgesics help. An analgesic helps.", [Jargon("Analgesics", "painkiller")]),
        ("Two modalities help.", [Jargon("modalities", "kind of treatment")]),
        ("The vertebrae move.", [Jargon("vertebrae", "bones of the spine")]),
        ("Spinal stenosis hurts.", [Jargon("Spinal stenosis", "narrow space in the spine")]),
        ("A femur, then a tibia.", [Jargon("femur", "thigh bone"), Jargon("tibia", "shin bone")]),
        ("A torn anterior cruciate ligament.", [Jargon("anterior cruciate ligament", "knee ligament")]),
        ("The agility of a gaiter and of edemata.", []),
        ("See a physical therapist about arthritis.", []),
        ("", []),
    ],
)
def test_each_term_is_found_once(text, found):
    assert list(jargon(text)) == found


@pytest.mark.parametrize(
    "text",
    [
        "Sore heel (plantar fasciitis) is common. Plantar fasciitis eases.",
        "Plantar fasciitis (sore heel) is common.",
        "Sore heel\nA sore heel (in Latin: plantar fasciitis) is common.",
    ],
)
def test_a_term_beside_its_plain_twin_is_explained(text):
    assert list(jargon(text)) == []


@pytest.mark.parametrize(
    "text",
    [
        "Plantar fasciitis is common (we see it daily).",
        "Sore heel, or plantar fasciitis, is common.",
        f"Sore heel (a pain). {'It is common. ' * 9} Plantar fasciitis.",
    ],
)
def test_brackets_or_the_twin_alone_explain_nothing(text):
    assert [term.plain for term in jargon(text)] == ["sore heel"]


def test_names_that_the_subject_demands_make_no_text_harder():
    plain = reading.grade("Your heel may hurt when you get up.")

    assert reading.grade("Your scoliosis may hurt when you get up.") < plain + 1
    assert reading.grade("Your musculature may hurt when you get up.") > plain + 3
