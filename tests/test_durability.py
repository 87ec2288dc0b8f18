import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import connection

from clinic import durability

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def forgetful():
    """Make the database confirm before it has stored."""
    is_sqlite = connection.vendor == "sqlite"
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous=NORMAL" if is_sqlite else "SET synchronous_commit TO off")
    yield (
        "SQLite does not wait for the disk. Leave PRAGMA synchronous at FULL."
        if is_sqlite
        else "PostgreSQL confirms before it has stored. Set synchronous_commit to on."
    )
    connection.close()


def test_p12_our_own_connections_keep_what_they_confirm():
    assert durability.weaknesses(connection) == []


def test_p12_a_process_refuses_to_start_on_a_forgetful_database(forgetful):
    with pytest.raises(ImproperlyConfigured) as refusal:
        durability.refuse_less()

    assert str(refusal.value) == forgetful


def test_p12_the_system_check_names_a_forgetful_database(forgetful):
    with pytest.raises(SystemCheckError, match=r"clinic\.E001"):
        call_command("check", databases=["default"])
