"""Sixty odd requests of real people (P21): each is stored as typed, and none becomes maybe spam.

All are sent at once, faster than anybody types: browsers fill in forms by themselves.
"""

import pytest

from appointments.models import AppointmentRequest
from tests import builders
from tests.journey import submit

pytestmark = pytest.mark.django_db

FIVE_HUNDRED = "My knee clicks. " * 31 + "Odd."

ODD = {
    # Names
    "mononym": {"full_name": "Suharto"},
    "one-letter": {"full_name": "O"},
    "one-han-character": {"full_name": "李"},
    "two-letters": {"full_name": "Ng"},
    "initials": {"full_name": "J. R. R. T."},
    "all-capitals": {"full_name": "ANA LEE", "notes": "CALL ME BEFORE NOON!!!!!!!! MY BACK HURTS!!!!!!!!"},
    "no-capitals": {"full_name": "bell hooks", "notes": "knee. any day. thanks"},
    "surname-null": {"full_name": "Jennifer Null"},
    "surname-test": {"full_name": "Test Tester", "notes": "a test of my patience: I called five times"},
    "surname-true": {"full_name": "Rachel True", "needs": "undefined"},
    "digits": {"full_name": "X Æ A-12"},
    "apostrophe-and-hyphen": {"full_name": "Siobhán O’Brien-Ngũgĩ"},
    "long-name": {"full_name": "Wolfeschlegelsteinhausenbergerdorff " * 2 + "Hubert Blaine"},
    "surname-of-a-drug": {"full_name": "Viagra Falls Lee", "notes": "I take Viagra. Is that a problem?"},
    "surname-casino": {"full_name": "Maria Casino", "notes": "I work at the casino and stand all night."},
    "title-and-suffix": {"full_name": "Dr. Martin Luther Kay, Jr., PhD"},
    "nickname-in-quotes": {"full_name": 'Robert "Bob" Lee'},
    "emoji-in-name": {"full_name": "Ana 🌻 Lima"},
    "code-as-name": {"full_name": "Robert'); DROP TABLE Students;--", "notes": "Bobby to my friends"},
    "surname-first": {"full_name": "NGUYỄN, Thị Ánh"},
    # Languages and scripts
    "spanish": {"full_name": "José Peña", "notes": "Me duele la rodilla.", "needs": "Español"},
    "russian": {"full_name": "Ольга Иванова", "notes": "Болит спина уже неделю. Можно прийти сегодня?"},
    "ukrainian": {"full_name": "Олена Ґудзь", "notes": "Болить плече з’явилось після падіння"},
    "arabic": {"full_name": "محمد الأحمد", "notes": "عندي ألم في الظهر"},
    "persian-with-joiner": {"full_name": "زهرا رضایی", "notes": "می‌خواهم وقت بگیرم"},
    "hebrew": {"full_name": "רחל לוי", "notes": "כואב לי הגב"},
    "chinese": {"full_name": "王小明", "notes": "我的膝盖疼，请下午打电话。"},
    "japanese": {"full_name": "鈴木 花子", "notes": "腰が痛いです。通訳をお願いします。"},
    "korean": {"full_name": "김민수", "notes": "허리가 아파요"},
    "hindi": {"full_name": "अनिता शर्मा", "notes": "मुझे पीठ में दर्द है"},
    "thai": {"full_name": "สมชาย ใจดี", "notes": "ปวดหลัง"},
    "vietnamese": {"full_name": "Trần Thị Ngọc Ánh", "notes": "Tôi bị đau vai"},
    "amharic": {"full_name": "አበበ በቀለ", "notes": "ጀርባዬን ያመኛል"},
    "mixed-scripts": {"full_name": "Aleksandr Пушкин 普希金", "notes": "bonjour, привет, 你好"},
    # What people write
    "nothing-but-a-name": {},
    "one-link": {"notes": "My scan report is at https://portal.example/scan/8812"},
    "two-links": {"notes": "My old clinic: www.mill-road.example, and https://mill-road.example/ana"},
    "many-addresses": {"notes": "ana@lee.example, ana@work.example or ana@home.example"},
    "many-numbers": {"notes": "call 555 010 0199 or 555 010 0123 or 555 010 0155"},
    "dots-everywhere": {"notes": "a.b.c. d.com e.net f.org g.example ... well ..."},
    "only-emoji": {"notes": "🦵😖👩🏽‍🦽"},
    "many-emoji": {"notes": "🙂" * 500},
    "one-word": {"notes": "ow"},
    "swear-words": {"notes": "My damn back hurts like hell and your last form ate my shit"},
    "angry": {"notes": "WORST. SERVICE. EVER. Call me back this time or I write a review"},
    "about-money": {"notes": "$$$ how much $$$ is it free? 100 % covered? I trade bitcoin all day"},
    "red-flags": {"notes": "can't feel when I pee since this morning"},
    "a-childs-age": {"who": "else", "patient_name": "Leo", "notes": "He is 9 and fell off his bike"},
    "markup": {"notes": "<b>left</b> knee, not the <i>right</i> one <script>alert(1)</script>"},
    "a-formula": {"notes": "=HYPERLINK(1) is what my tracker exports", "needs": "+1 guest"},
    "a-card-number": {"notes": "member no 4111 1111 1111 1111, SSN 078-05-1120"},
    "as-long-as-may-be": {"notes": FIVE_HUNDRED},
    "many-lines": {"notes": "Monday\n\nor Tuesday\n\n\n- not Friday"},
    # How to reach them
    "extension": {"phone": "(555) 010-0199 ext 4"},
    "number-abroad": {"phone": "+44 7700 900982", "notes": "I arrive in Harbor next week"},
    "full-width-digits": {"phone": "５５５-０１０-０１９９"},
    "e-mail-alone": {"phone": "", "email": "o'brien+pt@bücher.example", "channel": "email"},
    "role-address": {"email": "info@ana-lee-plumbing.example", "full_name": "Ana Lee Plumbing"},
    "someone-elses-request": {"who": "else", "full_name": "Sister Ada, Ward 3", "patient_name": "Mr. Oko"},
    "autofill-of-everything": {
        "full_name": "Ana Lee",
        "email": "ana@lee.example",
        "needs": "Ana Lee",
        "notes": "Ana Lee, 1 Harbor Street, Harbor",
        "suits": ["any", "mon", "tue", "wed", "thu", "fri", "early", "daytime", "late"],
    },
}  # fmt: skip


def test_there_are_sixty():
    assert len(ODD) == 60


@pytest.mark.parametrize("typed", ODD.values(), ids=ODD)
def test_P21_t29_an_odd_but_real_request_is_stored_as_typed_and_never_maybe_spam(client, typed):
    builders.location("Northside", slug="northside")
    form = client.get("/appointments/request/")

    check = submit(client, form, "/request/", **{"full_name": "Ana Lee", "phone": "(555) 010-0177"} | typed)
    sent = submit(client, check, "/send/")

    request = AppointmentRequest.objects.get()
    text = {name: value for name, value in typed.items() if name not in ("who", "suits")}
    assert sent.status_code == 303
    assert (request.quarantined_at, request.quarantine_reasons) == (None, "")
    assert {name: getattr(request, name) for name in text} == text
