"""A PostgreSQL database: dumped while it is in use, checked, and restored in one transaction."""

import os
import shutil
import subprocess
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
from django.db.backends.postgresql.client import DatabaseClient

from clinic.backup.problems import BackupProblem

PROGRAMS = Path("/usr/lib/postgresql")
ASIDE_SCHEMAS = "before-*"
QUIET = ["--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1"]
FORGET_ALL = "SET client_min_messages = warning; DROP SCHEMA public CASCADE; CREATE SCHEMA public"
# Tables take their indexes, sequences and triggers along. What belongs to an extension stays.
MOVE_ASIDE = """
DO $$
DECLARE thing record;
BEGIN
  FOR thing IN
    SELECT format('TABLE %s', oid::regclass) AS name, oid FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm')
    UNION ALL
    SELECT format('ROUTINE %s', oid::regprocedure), oid FROM pg_proc
    WHERE pronamespace = 'public'::regnamespace
  LOOP
    CONTINUE WHEN EXISTS (SELECT FROM pg_depend WHERE objid = thing.oid AND deptype = 'e');
    EXECUTE 'CREATE SCHEMA IF NOT EXISTS "{aside}"';
    EXECUTE format('ALTER %s SET SCHEMA "{aside}"', thing.name);
  END LOOP;
END $$;
"""


@contextmanager
def frozen():
    """Yield a dump of the database as an open file; inside, queries see the moment of the dump."""
    with tempfile.TemporaryFile(dir=settings.MEDIA_ROOT.parent) as dump, transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            cursor.execute("SELECT pg_export_snapshot()")
            snapshot = f"--snapshot={cursor.fetchone()[0]}"
        # What a restore has put aside is no part of the site.
        choice = ["--format=custom", f"--exclude-schema={ASIDE_SCHEMAS}", snapshot]
        with _start("pg_dump", *choice, stdout=dump) as dumping:
            _expect_success(dumping)
        yield dump


def check(content):
    """Open the dump and read all of it; raises BackupProblem if it is not sound."""
    with _start("pg_restore", "--file=-", stdin=subprocess.PIPE, stdout=subprocess.DEVNULL) as reading:
        _feed(reading, content)
        _expect_success(reading)


def exists():
    """Return True: making the database is the operator's part."""
    return True


def size():
    """Return how many bytes the database takes."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        return cursor.fetchone()[0]


def save_plain(file):
    """Write everything that the database holds as SQL."""
    # What a restore has put aside stays where it is, and would be in the way of its own copy.
    choice = [f"--exclude-schema={ASIDE_SCHEMAS}", "--no-owner", "--no-privileges", f"--file={file}"]
    with _start("pg_dump", *choice) as dumping:
        _expect_success(dumping)


def restore_plain(file):
    """Put such a copy in the place of all that is there, in one transaction."""
    # A dump does not name what came after it, so all of it goes first.
    steps = [f"--command={FORGET_ALL}", f"--file={file}"]
    with _start("psql", *QUIET, "--single-transaction", *steps, stdout=subprocess.DEVNULL) as loading:
        _expect_success(loading)


class Arrival:
    """A database on its way in: one transaction, which commit() ends and anything else takes back."""

    def __init__(self, aside):
        self.aside = aside

    def __enter__(self):
        connection.close()
        self.psql = _start("psql", *QUIET, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
        return self

    def __exit__(self, *problem):
        # Without COMMIT the server takes everything back.
        self.psql.kill()
        self.psql.communicate()

    def take(self, content):
        """Fill the database inside the transaction."""
        self._say("BEGIN;" + MOVE_ASIDE.format(aside=self.aside))
        plain = ["--no-owner", "--no-privileges", "--no-comments", "--file=-"]
        with _start("pg_restore", *plain, stdin=subprocess.PIPE, stdout=self.psql.stdin) as restoring:
            _feed(restoring, content)
            restoring.wait()
            # Whoever ended first knows why.
            if self.psql.poll() is not None:
                _expect_success(self.psql)
            _expect_success(restoring)

    def commit(self):
        """Make it the site's database."""
        self._say("COMMIT;\n\\q\n")
        _expect_success(self.psql)

    def _say(self, sql):
        with suppress(BrokenPipeError):
            self.psql.stdin.write(sql.encode())
            self.psql.stdin.flush()


def _start(name, *options, **streams):
    """Start a program of PostgreSQL; one that needs the site's database finds it, password and all."""
    arguments, secrets = DatabaseClient.settings_to_cmd_args_env(connection.settings_dict, options)
    command = [_program(name), *(options if name == "pg_restore" else arguments[1:])]
    environment = os.environ | (secrets or {})
    return subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, **streams)  # noqa: S603


def _program(name):
    found = shutil.which(name) or max(PROGRAMS.glob(f"*/bin/{name}"), default=None)
    if found is None:
        raise BackupProblem(
            "no-client", f"There is no {name} here. Install the client programs of your PostgreSQL server."
        )
    return found


def _feed(process, content):
    # A program that ends early says why.
    with suppress(BrokenPipeError), process.stdin:
        shutil.copyfileobj(content, process.stdin)


def _expect_success(process):
    """Wait for the end of a program; raises BackupProblem with its first words of trouble."""
    said = process.stderr.read().decode(errors="replace").strip()
    if process.wait() != 0:
        program = Path(process.args[0]).name
        raise BackupProblem(f"{program}-failed", said.partition("\n")[0] or f"{program} failed.")
