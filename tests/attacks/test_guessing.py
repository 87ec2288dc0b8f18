"""T15: nobody learns who works here, by bytes or by work; seconds would tell of the machine instead."""

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher

from clinic.models import Hit
from tests import builders

pytestmark = pytest.mark.django_db

DOOR = "/admin/login/"
FORGOTTEN = "/admin/account/forgotten/"
TRIES = 5


class CountingHasher(PBKDF2PasswordHasher):
    """Django's own, that counts how much work it does."""

    iterations = 1000
    rounds = 0

    def encode(self, password, salt, iterations=None):
        CountingHasher.rounds += iterations or self.iterations
        return super().encode(password, salt, iterations)


@pytest.fixture
def known(settings):
    settings.PASSWORD_HASHERS = ["tests.attacks.test_guessing.CountingHasher"]
    return builders.user("Front desk").email


def bare(response, email):
    """Return a page without what differs each time: its form token, and the address that was typed."""
    token = response.cookies.get("csrftoken")
    lines = response.text.replace(email, "").splitlines()
    return [
        line for line in lines if "csrfmiddlewaretoken" not in line and (not token or token.value not in line)
    ]


@pytest.mark.parametrize("path", [DOOR, FORGOTTEN])
def test_t15_known_and_unknown_addresses_get_the_same_bytes_after_the_same_work(
    client, known, path, django_assert_max_num_queries
):
    seen = {}
    for email in (known, "nobody@harbor.example"):
        Hit.objects.all().delete()
        before = CountingHasher.rounds
        with django_assert_max_num_queries(100) as queries:
            answers = [
                client.post(path, {"login": email, "email": email, "password": "wrong"}) for _ in range(TRIES)
            ]
        pages = [(answer.status_code, bare(answer, email)) for answer in answers]
        seen[email] = (pages, CountingHasher.rounds - before, len(queries.captured_queries))

    (pages, work, queries), (pages_of_nobody, work_for_nobody, queries_for_nobody) = seen.values()
    assert pages == pages_of_nobody
    assert work == work_for_nobody
    # Taking back what was done for nobody is a statement of its own.
    assert abs(queries - queries_for_nobody) <= TRIES
