"""What holds when people click twice, or two people work on the same thing: `make faults`.

Each test adds a line to the table at the end of the run.
"""

import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from http.client import HTTPException

import pytest

from tests.stack.queue import owe_notices
from tests.stack.site import past

pytestmark = pytest.mark.faults

PAIR = 2


def send_twice(visitor, form, *, pause=0.05):
    with ThreadPoolExecutor(PAIR) as clicks:
        first = clicks.submit(visitor.send, form)
        time.sleep(pause)
        return [first.result(), clicks.submit(visitor.send, form).result()]


def double_click(visitor, form):
    return [answer.status for answer in send_twice(visitor, form)]


def reload(visitor, form):
    sent = visitor.send(form)
    return [sent.status, visitor.open(sent.location).status, visitor.open(sent.location).status]


def back_and_again(visitor, form):
    sent = visitor.send(form)
    visitor.open(sent.location)
    return [sent.status, visitor.send(form).status]


def cut_line(visitor, form):
    """Hang up before the answer comes, as a phone in a lift does, then try again."""
    patience, visitor.timeout = visitor.timeout, 0.005
    with suppress(HTTPException, OSError):
        visitor.send(form)
    visitor.timeout = patience
    return [visitor.send(form).status]


@pytest.mark.parametrize(
    ("twice", "said", "statuses"),
    [
        (double_click, "two clicks 50 ms apart", [303, 303]),
        (reload, "confirmation reloaded", [303, 200, 200]),
        (back_and_again, "back and sent again", [303, 303]),
        (cut_line, "line cut, sent again", [303]),
    ],
    ids=lambda value: value.__name__ if callable(value) else "",
)
def test_p3_however_often_a_form_is_sent_it_is_one_request_and_one_mail(
    stack, promise, rounds, twice, said, statuses
):
    stack.start()
    visitor = stack.visitor()
    times = rounds(5)

    seen = [twice(visitor, visitor.checked(full_name=f"Patient {number}")) for number in range(times)]
    stack.wait_until(lambda: stack.owed() == 0, "the mails are sent")

    assert seen == [statuses] * times
    assert (stack.requests(), Counter(Counter(stack.mail.ids()).values())) == (times, {1: times})
    promise("P3", f"{said}, {times} times", f"{times} requests, {times} mails")


def test_p3_a_form_sent_again_after_23_hours_is_one_request(stack, promise):
    stack.start()
    visitor = stack.visitor()
    form = visitor.checked()
    first = visitor.send(form)
    for name in ("received_at", "surfaces_at", "alarm_at", "due_at"):
        stack.sql(
            f"UPDATE appointments_appointmentrequest SET {name} = %s WHERE source = 'web'", past(hours=23)
        )

    again = visitor.send(form)
    stack.wait_until(lambda: stack.owed() == 0, "the mails are sent")

    notices = stack.number(
        "SELECT count(*) FROM clinic_outboxmessage WHERE kind = 'front_desk_notice' AND object_id ="
        " (SELECT id FROM appointments_appointmentrequest WHERE source = 'web')"
    )
    assert (first.status, again.status, stack.requests(), notices) == (303, 303, 1, 1)
    promise("P3", "sent again after 23 hours", "1 request, 1 mail")


def test_p14_of_two_people_who_take_a_request_at_once_one_gets_it_and_one_is_told(stack, promise, rounds):
    times = rounds(10)
    owe_notices(stack.database, times)
    stack.start(workers=0)
    people = [signed_in(stack, role) for role in ("front-desk", "manager")]
    pks = [pk for (pk,) in stack.sql("SELECT id FROM appointments_appointmentrequest WHERE source = 'web'")]

    seen = [
        Counter(at_once(people, f"/admin/appointments/appointmentrequest/{pk}/", "/claim/")) for pk in pks
    ]

    steps = stack.sql(
        "SELECT count(*) FROM appointments_requestevent WHERE step = 'claim' AND request_id IN"
        " (SELECT id FROM appointments_appointmentrequest WHERE source = 'web') GROUP BY request_id"
    )
    assert seen == [{303: 1, 409: 1}] * times
    assert steps == [(1,)] * times
    promise(
        "P14", f"two people take the same request, {times} times", "0 double, the second is told each time"
    )


def test_p15_of_two_editors_who_save_at_once_neither_loses_a_word(stack, promise, rounds):
    times = rounds(5)
    stack.start(workers=0)
    people = [signed_in(stack, "editor"), signed_in(stack, "editor")]
    pk = stack.number("SELECT min(article_id) FROM articles_revision")
    public = stack.sql("SELECT live_id FROM articles_article WHERE id = %s", pk)

    for number in range(times):
        address = f"/admin/articles/article/{pk}/"
        texts = [f"Summary of {name}, round {number}." for name in ("Ana", "Ben")]
        answers = at_once(people, address, f"/{pk}/", pages=True, summary=texts)
        stored = stack.number("SELECT summary FROM articles_revision ORDER BY id DESC LIMIT 1")
        kept = [text for text, answer in zip(texts, answers, strict=True) if answer.status == 409]

        # One is stored, the other stands in the page that tells of it.
        assert sorted([stored, *kept]) == texts
        assert [text in answer.text for text, answer in zip(texts, answers, strict=True) if text in kept] == [
            True
        ]

    assert stack.sql("SELECT live_id FROM articles_article WHERE id = %s", pk) == public
    promise("P15", f"two editors save the same text, {times} times", "0 words lost, the public text stands")


def signed_in(stack, role):
    person = stack.visitor()
    assert person.sign_in(*stack.password(role)).status in (302, 303)
    return person


def at_once(people, address, ending, *, pages=False, **typed):
    """Let everybody open the same page, then send its form in the same moment."""
    forms = [person.open(address).form(ending) for person in people]
    for name, texts in typed.items():
        for form, text in zip(forms, texts, strict=True):
            form.fill(**{name: text})
    with ThreadPoolExecutor(len(people)) as clicks:
        answers = list(clicks.map(lambda pair: pair[0].send(pair[1]), zip(people, forms, strict=True)))
    return answers if pages else [answer.status for answer in answers]
