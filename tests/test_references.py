import re

import pytest

from appointments.references import ALPHABET, beginning, new_reference, normalise


def test_a_reference_reads_in_two_groups_of_letters_nobody_confuses():
    assert re.fullmatch(f"R-[{ALPHABET}]{{4}}-[{ALPHABET}]{{3}}", new_reference())
    assert set(ALPHABET) & set("01AEIOULBGSZVR") == set()


def test_a_thousand_references_are_all_different_and_use_the_whole_alphabet():
    references = {new_reference() for _ in range(1000)}

    assert len(references) == 1000
    assert set("".join(references)) == {*ALPHABET, "R", "-"}


def test_a_reference_is_its_own_normal_form():
    reference = new_reference()

    assert normalise(reference) == reference


@pytest.mark.parametrize(
    "typed",
    [
        "R-7K4M-2QX",
        "r-7k4m-2qx",
        " R 7K4M 2QX ",
        "7K4M-2QX",
        "7k4m2qx",
        "R7K4M2QX",
        "R–7K4M–2QX.",
        "R-7K4M-ZQX",
        "Ｒ－７Ｋ４Ｍ－２ＱＸ",
        "#R-7K4M-2QX",
    ],
)
def test_a_typed_or_spelled_reference_is_found(typed):
    assert normalise(typed) == "R-7K4M-2QX"


@pytest.mark.parametrize(
    "typed", ["", "R-", "Ana Lee", "R-7K4M-2Q", "X-7K4M-2QX", "R-7K4M-2QX-9", "R-7K4M-2Q0", "555 010 0199"]
)
def test_anything_else_is_no_reference(typed):
    assert normalise(typed) == ""


@pytest.mark.parametrize(
    ("typed", "begun"),
    [
        ("R-7K4M", "R-7K4M-"),
        ("r 7k4m 2", "R-7K4M-2"),
        ("7k4m-zq", "R-7K4M-2Q"),
        ("7K4M2QX", "R-7K4M-2QX"),
        ("Smyth", "R-5MYT-H"),
        ("7K4", ""),
        ("R-7K4M-2QX-9", ""),
        ("Anne", ""),
        ("", ""),
    ],
)
def test_four_letters_are_the_beginning_of_a_reference(typed, begun):
    assert beginning(typed) == begun
