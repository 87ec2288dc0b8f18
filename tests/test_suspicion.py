import pytest

from appointments.suspicion import (
    HONEYPOT,
    LABELS,
    MANY_FROM_ONE_PLACE,
    MANY_LINKS,
    POINTS,
    TOO_FAST,
    is_maybe_spam,
    points,
    reasons,
)

LINKS = "https://a.example http://b.example www.c.example"


def test_R41_a_filled_honeypot_is_maybe_spam():
    found = reasons(honeypot="https://a.example", seconds=40)

    assert (found, points(found), is_maybe_spam(found)) == ([HONEYPOT], 2, True)


@pytest.mark.parametrize(
    "seconds, found", [(0, [TOO_FAST]), (2.9, [TOO_FAST]), (3, []), (4000, []), (None, [])]
)
def test_R42_a_fast_form_alone_is_never_maybe_spam(seconds, found):
    assert reasons(seconds=seconds) == found
    assert is_maybe_spam(found) is False


@pytest.mark.parametrize(
    "texts, found",
    [
        (["My scan: https://a.example/scan"], []),
        (["https://www.a.example and https://www.b.example"], []),
        ([LINKS], [MANY_LINKS]),
        (["https://a.example", "HTTP://B.EXAMPLE", "see www.c.example"], [MANY_LINKS]),
        (["<b>Sore</b> <a>heel</a> <i>since</i> May"], []),
    ],
    ids=["one link", "two links", "three links", "three links in three fields", "HTML"],
)
def test_R43_three_links_are_maybe_spam(texts, found):
    assert reasons(seconds=40, texts=texts) == found
    assert is_maybe_spam(found) is bool(found)


def test_R51_the_twenty_first_request_in_an_hour_is_maybe_spam():
    found = reasons(seconds=40, many_from_one_place=True)

    assert (found, is_maybe_spam(found)) == ([MANY_FROM_ONE_PLACE], True)


def test_all_signs_together_add_up():
    found = reasons(honeypot="x", seconds=1, texts=[LINKS], many_from_one_place=True)

    assert points(found) == sum(POINTS.values())


def test_every_sign_has_words_for_staff():
    assert set(LABELS) == set(POINTS)
