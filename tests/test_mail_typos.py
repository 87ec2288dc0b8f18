import pytest

from clinic.mail_typos import LOOK_ALIKES, PROVIDERS, suggestion


@pytest.mark.parametrize(
    "typed, meant",
    [
        ("ana@homtail.com", "ana@hotmail.com"),
        ("ana@hotmal.com", "ana@hotmail.com"),
        ("ana@gmial.com", "ana@gmail.com"),
        ("ana@gmaill.com", "ana@gmail.com"),
        ("ana@gnail.com", "ana@gmail.com"),
        ("ana@gmail.con", "ana@gmail.com"),
        ("ana@gmail.cmo", "ana@gmail.com"),
        ("ana@gmail.co", "ana@gmail.com"),
        ("ana@gmailcom", "ana@gmail.com"),
        ("ana@aol.con", "ana@aol.com"),
        ("ana@live.cmo", "ana@live.com"),
        ("ana@comcast.ent", "ana@comcast.net"),
        ("o'brien+pt@Yahooo.com", "o'brien+pt@yahoo.com"),
        ("Ana.Lima@OUTLOK.COM", "Ana.Lima@outlook.com"),
    ],
)
def test_R27_a_likely_slip_is_noticed_and_the_name_before_it_left_alone(typed, meant):
    assert suggestion(typed) == meant


@pytest.mark.parametrize(
    "address",
    [
        *(f"ana@{domain}" for domain in [*PROVIDERS, *sorted(LOOK_ALIKES)]),
        "ana@GMAIL.COM",
        "ana@gmx.net",
        "ana@gmx.com",
        "ana@me.com",
        "ana@mac.com",
        "ana@hotmail.fr",
        "ana@hotmail.de",
        "ana@hotmail.co.uk",
        "ana@yahoo.ca",
        "ana@yahoo.cn",
        "ana@yahoo.com.mx",
        "ana@outlook.cl",
        "ana@live.ca",
        "ana@love.com",
        "ana@line.com",
        "ana@aon.com",
        "ana@msu.com",
        "ana@aol.de",
        "ana@man.eu",
        "ana@proton.me",
        "ana@fastmail.com",
        "ana@harbor.example",
        "ana@bücher.example",
        "ana@gmail.harbor.example",
        "gmial.com@harbor.example",
        "ana",
        "",
    ],
)
def test_R27_real_addresses_are_not_questioned(address):
    assert suggestion(address) == ""
