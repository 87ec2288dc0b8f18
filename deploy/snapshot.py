"""Keep the database as it is before an upgrade, and bring it back. Run as the site's user.

snapshot.py save|restore FILE      (with DATABASE_URL in the environment)
"""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from urllib.parse import unquote, urlsplit

# A dump does not name what came after it, so all of it goes first; in one transaction, or not at all.
FORGET_ALL = "DROP SCHEMA public CASCADE; CREATE SCHEMA public;\n"


def main(verb, file, url):
    """Save or restore, on either engine."""
    os.umask(0o077)
    is_sqlite = url.startswith("sqlite:")
    if verb == "save":
        file.parent.mkdir(exist_ok=True)
        draft = file.with_name(file.name + ".part")
        draft.unlink(missing_ok=True)
        copy(database_file(url), draft) if is_sqlite else dump(url, draft)
        draft.replace(file)
    elif is_sqlite:
        copy(file, database_file(url))
    else:
        load(url, file)


def database_file(url):
    """Return the file of a SQLite address."""
    return Path(unquote(url.removeprefix("sqlite:///")))


def copy(source, target):
    """Copy a SQLite database over another in one transaction, whoever has them open."""
    with (
        closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as old,
        closing(sqlite3.connect(target, timeout=30)) as new,
    ):
        old.backup(new)


def dump(url, file):
    """Write everything that a PostgreSQL database holds as SQL."""
    # What a restore has put aside stays where it is, and would be in the way of its own copy.
    choice = ["--exclude-schema=before-*", "--no-owner", "--no-privileges"]
    command = ["pg_dump", *choice, "--file", str(file)]
    subprocess.run(command, check=True, env=connection(url))


def load(url, file):
    """Put a PostgreSQL database back to what was dumped."""
    command = ["psql", "--quiet", "--single-transaction", "--set", "ON_ERROR_STOP=1", "--file", "-"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, env=connection(url)
    ) as psql:
        psql.stdin.write(FORGET_ALL.encode() + file.read_bytes())
        psql.stdin.close()
    if psql.returncode:
        sys.exit(f"PostgreSQL refused the snapshot {file}; it is kept.")


def connection(url):
    """Return the environment that leads to the server; a command line could be read by others."""
    parts = urlsplit(url)
    named = {
        "PGHOST": parts.hostname,
        "PGPORT": parts.port,
        "PGUSER": parts.username,
        "PGPASSWORD": parts.password and unquote(parts.password),
        "PGDATABASE": parts.path.removeprefix("/"),
    }
    return os.environ | {name: str(value) for name, value in named.items() if value}


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), os.environ["DATABASE_URL"])
