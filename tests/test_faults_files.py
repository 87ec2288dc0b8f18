"""What holds between files and rows, with a log that cannot be written, and on the disk: `make faults`.

Each test adds a line to the table at the end of the run.
"""

import os
import resource
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from http.client import HTTPException
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from tests.stack.databases import PostgresDatabase
from tests.test_faults_storage import PHONE, limit_file_size

pytestmark = pytest.mark.faults

UPLOAD = "/admin/clinic/picture/add/"
# Python runs it before anything else: each connection notes how it stores, whenever it commits.
WITNESS = """
import os, sqlite3

class Witness(sqlite3.Connection):
    def commit(self):
        is_open = self.in_transaction
        super().commit()
        if is_open:
            asked = [self.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous")]
            with open(os.environ["WITNESS"], "a") as file:
                print(os.getpid(), *asked, file=file)

connect = sqlite3.connect
sqlite3.connect = sqlite3.dbapi2.connect = lambda *a, **options: connect(*a, factory=Witness, **options)
"""


@pytest.fixture
def editor(stack):
    stack.start(workers=0)
    editor = stack.visitor(timeout=20)
    editor.sign_in(*stack.password("editor"))
    return editor


def picture():
    file = BytesIO()
    Image.effect_noise((900, 600), 90).convert("RGB").save(file, "PNG")
    return file.getvalue()


def files(stack):
    return {file for file in (stack.folder / "media").rglob("*") if file.is_file()}


def rows(stack):
    return stack.number("SELECT count(*) FROM clinic_picture")


def upload(editor, form, content):
    """Send a picture; None if the line was cut."""
    with suppress(HTTPException, OSError):
        return editor.upload(form, "gym.png", content)


def test_p16_a_file_whose_row_was_never_stored_is_gone_after_a_day(stack, editor, promise):
    form = editor.open(UPLOAD).form(UPLOAD).fill(title="Gym", alt="The gym.")
    known, before, content = files(stack), rows(stack), picture()

    stack.database.stall("clinic_picture")
    with ThreadPoolExecutor(1) as uploads:
        answer = uploads.submit(upload, editor, form, content)
        # The picture and its smaller copies.
        stack.wait_until(lambda: len(files(stack)) > len(known) + 1, "the files are written")
        time.sleep(0.3)
        stack.web.kill()
    orphans = files(stack) - known
    stack.database.allow("clinic_picture")
    old = time.time() - 25 * 3600
    young, *others = sorted(orphans)
    for file in [*others, *known]:
        os.utime(file, (old, old))
    stack.start_worker()
    stack.wait_until(lambda: len(files(stack)) == len(known) + 1, "the orphans are gone", seconds=30)

    assert (answer.result(), rows(stack)) == (None, before)
    assert files(stack) == known | {young}
    promise(
        "P16",
        f"killed between {len(orphans)} files and their commit",
        "0 rows, 0 orphans older than 24 h, every other file stays",
    )


def test_p11_an_upload_on_a_full_disk_is_refused_without_a_row(stack, editor, promise):
    if not sys.platform.startswith("linux"):
        pytest.skip("Linux only: the test limits the size of the files that the site may write.")
    form = editor.open(UPLOAD).form(UPLOAD).fill(title="Gym", alt="The gym.")
    before, content = rows(stack), picture()

    limit_file_size(stack.web, 64 * 1024)
    refused = upload(editor, form, content)
    between = rows(stack)
    limit_file_size(stack.web, resource.RLIM_INFINITY)
    after = upload(editor, editor.open(UPLOAD).form(UPLOAD).fill(title="Gym", alt="The gym."), content)

    assert (refused.status, PHONE in refused.text, between) == (503, True, before)
    assert (after.status, rows(stack)) == (302, before + 1)
    promise("P11", "upload on a full disk", "503, no row, the next upload is stored")


def test_p11_a_log_that_cannot_be_written_stops_nobody(stack, promise):
    stack.start_web(log=Path("/dev/full"))
    visitor = stack.visitor()

    missing = visitor.open("/nowhere/")
    answers = [visitor.ask().status for _ in range(5)]

    assert (missing.status, answers, stack.requests()) == (404, [303] * 5, 5)
    promise("P11", "log on a full disk, 5 requests", "0 refused, 0 lost")


def test_p12_what_web_and_worker_commit_is_on_the_disk(stack, tmp_path, promise):
    if stack.database.vendor != "sqlite":
        pytest.skip("SQLite only: PostgreSQL is asked in the next test.")
    (tmp_path / "sitecustomize.py").write_text(WITNESS)
    witness = tmp_path / "witness"
    stack.environment |= {"PYTHONPATH": str(tmp_path), "WITNESS": str(witness)}
    (worker,) = stack.start()

    def commits():
        return [line.split() for line in witness.read_text().splitlines()]

    stack.visitor().ask()
    both = [set(stack.web.pids()), set(worker.pids())]
    # The witness writes when a commit is done, and so a moment after others may see it.
    stack.wait_until(
        lambda: witness.exists() and all(pids & {int(pid) for pid, *_how in commits()} for pids in both),
        "both have committed",
    )
    stack.wait_until(lambda: stack.owed() == 0, "the mail is sent")

    seen = commits()
    assert {tuple(how) for _pid, *how in seen} == {("wal", "2")}
    promise("P12", f"{len(seen)} commits of web and worker on SQLite", "each with WAL and synchronous=FULL")


def test_p12_no_process_starts_on_a_database_that_forgets(stack, cluster, promise):
    cluster.crash()
    cluster.options += " -c fsync=off"
    cluster.start()
    stack.environment["DATABASE_URL"] = PostgresDatabase.create(cluster.url).url

    said = [
        stack.manage("worker", check=False),
        stack.manage("shell", "-c", "import clinic.wsgi", check=False),
    ]

    sentence = "PostgreSQL does not wait for the disk. Set fsync to on in postgresql.conf."
    assert [(done.returncode, done.stderr.strip()) for done in said] == [(1, sentence)] * 2
    promise("P12", "PostgreSQL with fsync=off", "web and worker refuse to start")
