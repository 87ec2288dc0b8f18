"""The demo clinic: complete, safe to load again, and never over a real one."""

from collections import Counter

import pytest

from appointments.models import MOVES

PUBLISHED_HEALTH = """
FROM articles_article a JOIN articles_revision r ON r.id = a.live_id
LEFT JOIN articles_signature s ON s.id = r.signature_id
LEFT JOIN staff_therapist author ON author.id = r.author_id
WHERE a.kind = 'health'
"""

WHOLE = {
    "clinic_clinic": 1,
    "clinic_location": 2,
    "clinic_document": 2,
    # Five who see patients, and one who checks texts from outside.
    "staff_therapist": 6,
    "appointments_appointmentrequest": 40,
}


@pytest.fixture
def demo(template):
    """Ask the demo site as it was loaded once; tests may not change it."""
    return template


def test_the_demo_clinic_is_a_whole_clinic(demo):
    counts = {table: rows for table, rows in row_counts(demo).items() if table in WHOLE}

    assert counts == WHOLE


def test_a_dozen_articles_are_public_with_byline_and_sources(demo):
    assert demo.number(f"SELECT count(*) {PUBLISHED_HEALTH}") >= 10
    assert demo.number("SELECT count(*) FROM articles_article WHERE live_id IS NOT NULL") >= 12
    assert demo.sql(f"SELECT a.slug {PUBLISHED_HEALTH} AND (r.author_id IS NULL OR r.sources = '[]')") == []


def test_who_checked_a_demo_article_did_not_write_it(demo):
    signed = demo.number(f"SELECT count(*) {PUBLISHED_HEALTH} AND s.id IS NOT NULL")
    is_own = "(s.therapist_id = r.author_id OR s.signed_by_id = author.user_id)"

    assert signed >= 8
    assert demo.sql(f"SELECT a.slug {PUBLISHED_HEALTH} AND {is_own}") == []


def test_every_demo_picture_is_described(demo):
    assert demo.number("SELECT count(*) FROM clinic_picture") > 10
    assert demo.sql("SELECT title FROM clinic_picture WHERE trim(alt) = ''") == []


def test_forty_requests_of_six_weeks_stand_in_every_state(demo):
    rows = demo.sql(
        "SELECT status, outcome, quarantined_at IS NOT NULL, is_urgent FROM appointments_appointmentrequest"
    )
    states = Counter(status for status, *_ in rows)

    assert set(states) == {"new", "claimed", "waiting", "closed"}
    assert {outcome for _, outcome, *_ in rows if outcome} == {
        "booked",
        "cancelled",
        "declined",
        "duplicate",
        "emergency",
        "not_our_service",
        "spam",
        "unreachable",
    }
    assert {bool(is_suspect) for *_, is_suspect, _ in rows} == {True, False}
    assert {bool(is_urgent) for *_, is_urgent in rows} == {True, False}


def test_the_demo_desk_took_every_step_that_ends_or_changes_a_request(demo):
    steps = {step for (step,) in demo.sql("SELECT DISTINCT step FROM appointments_requestevent")}

    not_taken = {"take_over", "hand_over", "release", "resume", "not_spam", "erase", "undo"}
    assert steps == MOVES.keys() - not_taken | {"received"}


def test_most_demo_patients_were_called_in_time_and_some_were_not(demo):
    called = "SELECT count(*) FROM appointments_appointmentrequest WHERE called_at"

    assert demo.number(f"{called} <= due_at") >= 20
    assert demo.number(f"{called} > due_at") >= 2


def test_what_the_demo_desk_did_lies_in_the_past_and_in_order(demo):
    steps = "FROM appointments_requestevent a JOIN appointments_requestevent b ON a.request_id = b.request_id"
    moments = """
    SELECT count(*) FROM appointments_appointmentrequest WHERE called_at < received_at
    OR answered_at < called_at OR closed_at < answered_at OR closed_at > CURRENT_TIMESTAMP
    """

    assert demo.number(f"SELECT count(*) {steps} WHERE a.id < b.id AND a.at > b.at") == 0
    assert demo.number("SELECT count(*) FROM appointments_requestevent WHERE at > CURRENT_TIMESTAMP") == 0
    assert demo.number(moments) == 0


def test_demo_visits_and_tries_lie_ahead(demo):
    ahead = "SELECT count(*) FROM appointments_appointmentrequest WHERE"

    assert demo.number(f"{ahead} appointment_at > CURRENT_TIMESTAMP") >= 8
    assert demo.number(f"{ahead} appointment_at <= CURRENT_TIMESTAMP") == 0
    assert demo.number(f"{ahead} next_try_at > CURRENT_TIMESTAMP") == 2


def test_demo_readers_and_answers_are_counted_over_six_weeks(demo):
    visited = "SELECT count(DISTINCT article_id) FROM articles_visitcount"
    answers = dict(demo.sql("SELECT step, sum(count) FROM appointments_screeningcount GROUP BY step"))

    assert demo.number("SELECT count(DISTINCT day) FROM articles_visitcount") == 42
    assert demo.number(visited) == demo.number(
        "SELECT count(*) FROM articles_article WHERE live_id IS NOT NULL"
    )
    assert answers["shown"] >= answers["none"] + answers["yes"] + answers["not_sure"]
    assert answers["came_back"] <= answers["yes"]


def test_nobody_is_mailed_about_invented_people(demo):
    assert demo.owed() == 0


def test_the_demo_is_safe_to_repeat(stack):
    before = row_counts(stack)

    stack.manage("demo")

    assert row_counts(stack) == before


def test_the_demo_stays_out_of_a_site_with_real_requests(stack):
    stack.sql(
        "UPDATE appointments_appointmentrequest SET source = 'web'"
        " WHERE id = (SELECT max(id) FROM appointments_appointmentrequest)"
    )
    before = row_counts(stack), (stack.folder / "demo-logins.txt").read_text()

    refused = stack.manage("demo", check=False)

    assert refused.returncode == 1
    assert (
        refused.stderr
        == "CommandError: This site has real appointment requests, so the demo clinic stays out.\n"
    )
    assert (row_counts(stack), (stack.folder / "demo-logins.txt").read_text()) == before


def row_counts(site):
    return {table: site.number(f'SELECT count(*) FROM "{table}"') for table in site.database.tables()}
