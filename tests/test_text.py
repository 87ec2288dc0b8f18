import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clinic.text import has_unreadable, lines, one_line

# A fixed seed, so that every run tries the same texts.
steady = settings(derandomize=True, max_examples=500, deadline=None)
troublemakers = st.sampled_from(
    "\r\n\t\v\f\x00\x1b\x85\xa0\xad\u200b\u200c\u200d\u2028\u2029\u202e\ufeff\ufffde\u0301\u0646🙂👩♀"
)
any_text = st.text() | st.text(troublemakers)


@pytest.mark.parametrize(
    "name",
    [
        "O’Brien-Ngũgĩ",
        "D'Arcy",
        "María José",
        "X Æ A-12",
        "李",
        "محمد",
        "Nguyễn Thị Á",
        "Å",
        "می‌خواهم",
        "क्‍ष",
        "👩‍⚕️ Ana",
        "J",
    ],
)
def test_R1_a_name_in_any_script_stays_as_typed(name):
    assert one_line(name) == unicodedata.normalize("NFC", name)


@pytest.mark.parametrize(
    "blank",
    ["", " ", "\t\n", "\u00a0\u00a0", "\u3000", "\u200b", "\ufeff\u200b", "\u2060", "\u200d", "\u00ad\x00"],
)
def test_R4_R5_a_name_of_blanks_or_invisible_characters_is_empty(blank):
    assert one_line(blank) == ""
    assert lines(blank) == ""


@pytest.mark.parametrize("line_break", ["\r\n", "\r", "\n", "\v", "\f", "\x85", "\u2028", "\u2029"])
def test_R6_a_line_break_becomes_a_space_in_one_line_and_a_line_feed_in_lines(line_break):
    typed = f"Ana{line_break}Bcc: v@e.com"

    assert one_line(typed) == "Ana Bcc: v@e.com"
    assert lines(typed) == "Ana\nBcc: v@e.com"


@pytest.mark.parametrize(
    "control",
    ["\x00", "\x1b", "\x1c", "\x1d", "\x1e", "\x7f", "\x9f", "\ue000", "\U000e0041", "\u0378", "\ud800"],
)
def test_T5_controls_private_use_and_unassigned_characters_are_dropped(control):
    assert one_line(f"An{control}a") == "Ana"
    assert lines(f"An{control}a") == "Ana"


@pytest.mark.parametrize("mark", [*"\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f"])
def test_R9_marks_that_turn_the_direction_of_reading_are_dropped(mark):
    assert one_line(f"Ana{mark}Lee") == "AnaLee"


def test_a_letter_and_its_accent_become_one_character():
    assert one_line("Jose\u0301") == "Jos\u00e9"


def test_an_accent_behind_an_invisible_character_finds_its_letter():
    assert one_line("Jose\u200b\u0301") == "Jos\u00e9"


def test_runs_of_blanks_become_one_space_and_the_ends_are_trimmed():
    assert one_line(" \tAna \u00a0  Lee \n") == "Ana Lee"


def test_lines_keep_their_paragraphs():
    assert lines("\r\n Sore  heel \r\n\r\nSince\tMay \r\n\r\n") == "Sore heel\n\nSince May"


@pytest.mark.parametrize(
    "typed", ["Ana\u200d", "\u200cAna", "Ana \u200dLee", "Ana\u200d\u200cLee", "1\u200d2"]
)
def test_a_joiner_that_joins_nothing_is_dropped(typed):
    assert one_line(typed) == typed.replace("\u200d", "").replace("\u200c", "")


@pytest.mark.parametrize("body", [b"Ana \xff", b"\xc0\xaf", b"\xed\xa0\x80"])
def test_R12_broken_bytes_are_seen(body):
    assert has_unreadable(body.decode("utf-8", "replace")) is True


def test_R12_readable_text_has_no_unreadable_part():
    assert has_unreadable("Ngũgĩ 👩‍⚕️") is False


def test_the_sign_for_unreadable_bytes_survives_so_that_a_form_can_tell():
    assert one_line("Ana \ufffd") == "Ana \ufffd"


@steady
@given(any_text)
def test_R56_normalising_twice_changes_nothing(typed):
    assert one_line(one_line(typed)) == one_line(typed)
    assert lines(lines(typed)) == lines(typed)


@steady
@given(any_text)
def test_R56_no_control_character_survives(typed):
    assert [c for c in one_line(typed) if unicodedata.category(c) in {"Cc", "Cs", "Co", "Cn"}] == []
    assert {c for c in lines(typed) if unicodedata.category(c) in {"Cc", "Cs", "Co", "Cn"}} <= {"\n"}


@steady
@given(any_text)
def test_R56_one_line_is_trimmed_single_spaced_and_composed(typed):
    line = one_line(typed)

    assert line == " ".join(line.split(" ")).strip()
    assert "  " not in line
    assert unicodedata.is_normalized("NFC", line)


@steady
@given(st.text(st.characters(codec="ascii", categories=["L", "N", "P", "S"])))
def test_R56_plain_visible_text_is_never_changed(typed):
    assert one_line(typed) == typed
