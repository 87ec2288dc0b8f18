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


@pytest.mark.parametrize(
    "name, notes",
    [
        ("李", ""),
        ("J", "pain"),
        ("X Æ A-12", "11:11"),
        ("Null", "undefined"),
        ("Test Tester", "this is a test of my patience, I have called five times"),
        ("Viagra Falls Lee", "My doctor put me on Viagra, is that a problem?"),
        ("Ana Crypto", "I trade bitcoin all day and my neck hurts"),
        ("Robert'); DROP TABLE Students;--", "Bobby to my friends"),
        ("ANA LEE", "HELP!!!!!!!! MY BACK HURTS!!!!!!!!"),
        ("Ольга", "Болит спина уже неделю. Можно прийти сегодня?"),
        ("محمد", "عندي ألم في الظهر"),
        ("O’Brien-Ngũgĩ", "=HYPERLINK(1)"),
        ("Ana Lee", "<script>alert(1)</script>"),
        ("Ana Lee", "my physio is at www.mill-road.example, see https://mill-road.example/ana"),
        ("Ana Lee", "e-mail me: ana@lee.example, or ana@work.example, or ana@home.example"),
        ("Ana Lee", "call 555 010 0199 or 555 010 0123 or 555 010 0155"),
        ("Ana Lee", "a.b.c. d.com e.net f.org g.example"),
        ("Ana Lee", "🙂" * 500),
        ("Ana Lee", "can't feel when I pee"),
        ("Ana Lee", "$$$ how much $$$ is it free? 100 % covered?"),
    ],
)
def test_P21_an_odd_but_real_request_is_never_maybe_spam(name, notes):
    assert is_maybe_spam(reasons(seconds=2, texts=[name, notes])) is False
