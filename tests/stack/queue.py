"""Many mails to deliver at once, made by SQL: what `count` visitors would have left behind."""

from contextlib import closing
from datetime import UTC, datetime, timedelta

REQUESTS = "appointments_appointmentrequest"
NUMBERS = "WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < %s)"
OWE = """
INSERT INTO clinic_outboxmessage (kind, object_id, created_at, waiting_since, due_at, attempts, last_error)
SELECT 'front_desk_notice', id, %s, %s, %s, 0, ''
FROM appointments_appointmentrequest
WHERE id NOT IN (SELECT object_id FROM clinic_outboxmessage WHERE kind = 'front_desk_notice')
"""


def owe_notices(database, count):
    """Store copies of one demo request as real ones, each with the notice it owes."""
    now = datetime.now(UTC)
    changed = {
        "reference": "'Q-' || n",
        "form_token": "'queued ' || n",
        "source": "'web'",
        "link_digest": "NULL",
        # Nobody's promise may come near while the test runs, which would owe a second mail.
        "alarm_at": "%s",
        "due_at": "%s",
    }
    later = now + timedelta(days=30)
    kept = [name for name in _columns(database) if name not in ("id", *changed)]
    database.execute(
        f"INSERT INTO {REQUESTS} ({', '.join([*changed, *kept])})"
        f" {NUMBERS} SELECT {', '.join([*changed.values(), *kept])} FROM {REQUESTS}, numbers"
        f" WHERE id = (SELECT min(id) FROM {REQUESTS} WHERE status = 'new' AND quarantined_at IS NULL)",
        count,
        later,
        later,
    )
    return database.execute(OWE, now, now, now)


def _columns(database):
    with closing(database.connect()) as connection:
        return [column[0] for column in connection.execute(f"SELECT * FROM {REQUESTS} LIMIT 0").description]
