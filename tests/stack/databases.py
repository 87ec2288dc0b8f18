"""Databases for whole sites of processes: one template a session, one copy a test, on either engine."""

import os
import shutil
import sqlite3
import subprocess
import tempfile
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import psycopg


class SqliteDatabase:
    """A SQLite file, seen from outside of Django."""

    vendor = "sqlite"

    def __init__(self, file):
        self.file = file
        self.url = f"sqlite:///{file}"

    def copy(self, folder):
        """Return a copy of this database, which nobody may have open."""
        return SqliteDatabase(Path(shutil.copy(self.file, folder / "site.sqlite3")))

    def connect(self):
        return sqlite3.connect(self.file, timeout=30, isolation_level=None)

    def execute(self, sql, *values):
        """Run one statement (placeholders %s) and return its rows, or how many it changed."""
        values = [_sqlite_text(value) if isinstance(value, datetime) else value for value in values]
        with closing(self.connect()) as connection:
            cursor = connection.execute(sql.replace("%s", "?"), values)
            return cursor.fetchall() if cursor.description else cursor.rowcount

    def tables(self):
        names = self.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        return [name for (name,) in names]

    def drop(self):
        self.file.unlink(missing_ok=True)

    def refuse(self, table, moment="insert"):
        """Make every insert into a table fail, at once or at the commit."""
        action = "SELECT RAISE(ABORT, 'refused by the test')" if moment == "insert" else DANGLING_ROW
        self.execute(f"CREATE TRIGGER refusal BEFORE INSERT ON {table} BEGIN {action}; END")

    def stall(self, table):
        """Make every insert into a table take minutes."""
        many = ", ".join(f"auth_permission AS p{number}" for number in range(6))
        action = f"SELECT count(*) FROM {many}"
        self.execute(f"CREATE TRIGGER refusal BEFORE INSERT ON {table} BEGIN {action}; END")

    def allow(self, table):
        """Take back what refuse() or stall() did."""
        self.execute("DROP TRIGGER refusal")


class PostgresDatabase:
    """A database on a PostgreSQL server, seen from outside of Django."""

    vendor = "postgresql"

    def __init__(self, server_url, name):
        self.server_url, self.name = server_url, name
        self.url = urlsplit(server_url)._replace(path=f"/{name}").geturl()

    @classmethod
    def create(cls, server_url, template="template0"):
        database = cls(server_url, f"test_stack_{uuid4().hex[:12]}")
        database._on_server(f"CREATE DATABASE {database.name} TEMPLATE {template}")
        return database

    def copy(self, folder):
        """Return a copy of this database, which nobody may have open."""
        return self.create(self.server_url, template=self.name)

    def connect(self):
        return psycopg.connect(self.url, autocommit=True, connect_timeout=10)

    def execute(self, sql, *values):
        """Run one statement (placeholders %s) and return its rows, or how many it changed."""
        with self.connect() as connection:
            cursor = connection.execute(sql, values or None)
            return cursor.fetchall() if cursor.description else cursor.rowcount

    def tables(self):
        names = self.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        return [name for (name,) in names]

    def drop(self):
        self._on_server(f"DROP DATABASE IF EXISTS {self.name} WITH (FORCE)")

    def refuse(self, table, moment="insert"):
        """Make every insert into a table fail, at once or at the commit."""
        kind, timing = ("CONSTRAINT ", "AFTER INSERT") if moment == "commit" else ("", "BEFORE INSERT")
        deferred = "DEFERRABLE INITIALLY DEFERRED" if moment == "commit" else ""
        self.execute(
            "CREATE OR REPLACE FUNCTION refusal() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE EXCEPTION 'refused: %', NEW; END $$"
        )
        self.execute(
            f"CREATE {kind}TRIGGER refusal {timing} ON {table} {deferred}"
            " FOR EACH ROW EXECUTE FUNCTION refusal()"
        )

    def stall(self, table):
        """Make every insert into a table take minutes."""
        self.execute(
            "CREATE OR REPLACE FUNCTION refusal() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN PERFORM pg_sleep(300); RETURN NEW; END $$"
        )
        self.execute(
            f"CREATE TRIGGER refusal BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION refusal()"
        )

    def allow(self, table):
        """Take back what refuse() or stall() did."""
        self.execute(f"DROP TRIGGER refusal ON {table}")

    def _on_server(self, sql):
        maintenance = urlsplit(self.server_url)._replace(path="/postgres").geturl()
        with psycopg.connect(maintenance, autocommit=True, connect_timeout=10) as connection:
            connection.execute(sql)


def database_at(url):
    """Return the database of a url, as another process has made it."""
    if url.startswith("sqlite:///"):
        return SqliteDatabase(Path(url.removeprefix("sqlite:///")))
    return PostgresDatabase(url, urlsplit(url).path.removeprefix("/"))


# Foreign keys are checked at the commit, so this lets everything before the commit succeed.
DANGLING_ROW = (
    "INSERT INTO appointments_requestevent (request_id, step, attempt, remark, at)"
    " VALUES (-1, 'received', '', '', '2026-01-01 00:00:00')"
)


class PostgresCluster:
    """A throwaway PostgreSQL server that a test may crash."""

    def __init__(self, programs, port):
        self.programs = programs
        # PostgreSQL refuses to run as root, and pytest's folders are closed to everybody else.
        self.folder = Path(tempfile.mkdtemp(prefix="postgres-"))
        self.user = {"user": "postgres", "group": "postgres"} if os.geteuid() == 0 else {}
        if self.user:
            shutil.chown(self.folder, "postgres")
        self._run("initdb", "-U", "clinic", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
        self.options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={self.folder}"
        self.url = f"postgres://clinic@127.0.0.1:{port}/clinic"

    @staticmethod
    def programs_here():
        """Return the folder of the newest PostgreSQL server on this machine, or None."""
        return max(Path("/usr/lib/postgresql").glob("*/bin"), default=None)

    def start(self):
        self._run("pg_ctl", "-l", str(self.folder / "log"), "-w", "-o", self.options, "start")

    def end(self):
        """Stop the server, if the test left it running, and forget its data."""
        with suppress(subprocess.CalledProcessError):
            self.crash()
        shutil.rmtree(self.folder)

    def crash(self):
        """Stop the server as a power cut would: no checkpoint, no goodbye."""
        self._run("pg_ctl", "-m", "immediate", "stop")

    def _run(self, program, *arguments):
        command = [self.programs / program, "-D", self.folder / "data", *arguments]
        # Files, not pipes: the server would keep a pipe open for ever.
        with open(self.folder / "commands.log", "ab") as log:
            subprocess.run(
                command, cwd=self.folder, stdout=log, stderr=log, check=True, timeout=60, **self.user
            )


def _sqlite_text(moment):
    """Write a moment as Django does."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(sep=" ")
