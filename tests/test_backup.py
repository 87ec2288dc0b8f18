"""Backups: nothing in the file can be read or changed unseen, and nothing is touched before that is sure."""

import io
import os
import resource
import secrets
import stat
import tarfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone
from django.utils.html import strip_tags

from clinic import encryption
from clinic.backup import archive, copying, history, making, media, places, restoring, thinning
from clinic.backup.problems import BackupProblem
from clinic.backup.sealed import HEAD_BYTES, MAGIC, PIECE_BYTES, SEALED_BYTES, Opener, Sealer
from clinic.models import AuditEvent, Backup, WorkerBeat
from staff.models import User
from tests import builders

KEY = secrets.token_bytes(32)
# Three pieces, the last one short.
PLAIN = secrets.token_bytes(2 * PIECE_BYTES + 100)
NOW = datetime(2026, 11, 23, 3, tzinfo=UTC)
PATIENT = "Rosalind Canary"
MEGABYTE = 1024 * 1024


# The stream


def seal(plain, key=KEY):
    file = io.BytesIO()
    sealer = Sealer(file, key)
    sealer.write(plain)
    sealer.finish()
    return file.getvalue()


def unseal(sealed, *keys):
    return Opener(io.BytesIO(sealed), keys or [KEY]).read(len(sealed))


@pytest.mark.parametrize("size", [0, 1, PIECE_BYTES - 1, PIECE_BYTES, PIECE_BYTES + 1, 2 * PIECE_BYTES])
def test_what_is_sealed_opens_whatever_its_length(size):
    assert unseal(seal(PLAIN[:size])) == PLAIN[:size]


def flip(sealed, place):
    return sealed[:place] + bytes([sealed[place] ^ 1]) + sealed[place + 1 :]


def piece(sealed, number):
    return sealed[HEAD_BYTES + number * SEALED_BYTES :][:SEALED_BYTES]


SECOND, THIRD = HEAD_BYTES + SEALED_BYTES, HEAD_BYTES + 2 * SEALED_BYTES
DAMAGES = {
    "first byte of a piece": lambda sealed: flip(sealed, HEAD_BYTES),
    "last byte of a piece": lambda sealed: flip(sealed, SECOND - 1),
    "byte in the middle": lambda sealed: flip(sealed, SECOND + 500),
    "last byte": lambda sealed: flip(sealed, len(sealed) - 1),
    "cut to its head": lambda sealed: sealed[:HEAD_BYTES],
    "cut after a piece": lambda sealed: sealed[:SECOND],
    "cut after two pieces": lambda sealed: sealed[:THIRD],
    "one byte short": lambda sealed: sealed[:-1],
    "one byte more": lambda sealed: sealed + b"\0",
    "last piece twice": lambda sealed: sealed + piece(sealed, 2),
    "first piece missing": lambda sealed: sealed[:HEAD_BYTES] + sealed[SECOND:],
    "pieces swapped": lambda sealed: (
        sealed[:HEAD_BYTES] + piece(sealed, 1) + piece(sealed, 0) + sealed[THIRD:]
    ),
    "a piece of another backup": lambda sealed: sealed[:SECOND] + seal(PLAIN)[SECOND:],
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_p17_every_damage_to_the_stream_is_noticed(damage):
    with pytest.raises(BackupProblem) as problem:
        unseal(DAMAGES[damage](seal(PLAIN)))

    assert problem.value.code == "damaged"


@pytest.mark.parametrize(
    ("sealed", "code"),
    [
        (flip(seal(PLAIN), 0), "unknown-format"),
        (b"", "unknown-format"),
        (flip(seal(PLAIN), len(MAGIC)), "wrong-key"),
        (flip(seal(PLAIN), HEAD_BYTES - 1), "wrong-key"),
        (seal(PLAIN)[: HEAD_BYTES - 1], "wrong-key"),
        (seal(PLAIN, secrets.token_bytes(32)), "wrong-key"),
    ],
    ids=["other format", "empty", "other salt", "other mark", "cut in the head", "other key"],
)
def test_p17_a_stream_without_our_format_or_key_is_refused(sealed, code):
    with pytest.raises(BackupProblem) as problem:
        unseal(sealed)

    assert problem.value.code == code


def test_a_backup_opens_after_a_new_key_came():
    assert unseal(seal(PLAIN), secrets.token_bytes(32), KEY) == PLAIN


def test_p22_the_same_content_is_sealed_differently_each_time():
    first, second = seal(PLAIN), seal(PLAIN)

    assert first[len(MAGIC) : HEAD_BYTES + 64] != second[len(MAGIC) : HEAD_BYTES + 64]


# The archive


def sealed_tar(*entries):
    """Return an archive of ours around a tar that we would never write."""
    file = io.BytesIO()
    sealer = Sealer(file, encryption.keys(archive.PURPOSE)[0])
    with tarfile.open(fileobj=sealer, mode="w|") as tar:
        for entry in entries:
            tar.addfile(entry, io.BytesIO(b"[]"[: entry.size]))
    sealer.finish()
    return io.BytesIO(file.getvalue())


def entry(name, kind=tarfile.REGTYPE, size=0):
    info = tarfile.TarInfo(name)
    info.type, info.size, info.linkname = kind, size, "/etc/passwd"
    return info


@pytest.mark.parametrize(
    "odd",
    [
        entry("/etc/cron.d/clinic"),
        entry("media/../../outside"),
        entry("media/link", tarfile.SYMTYPE),
        entry("media/link", tarfile.LNKTYPE),
        entry("media/device", tarfile.CHRTYPE),
        entry("media/folder", tarfile.DIRTYPE),
    ],
)
def test_an_archive_leads_to_no_place_outside(odd):
    taken = []

    with pytest.raises(BackupProblem):
        archive.read(sealed_tar(odd), lambda name, content: taken.append(name))

    assert taken == []


@pytest.mark.parametrize("entries", [[], [entry("manifest.json")]])
def test_an_archive_without_a_manifest_of_its_files_is_refused(entries):
    with pytest.raises(BackupProblem) as problem:
        archive.read(sealed_tar(*entries), lambda name, content: None)

    assert problem.value.code == "damaged"


# Thinning


def days_kept(interval, runs):
    """Return the ages in days of what is left after so many backups, thinned after each."""
    names, now = set(), NOW
    for _run in range(runs):
        now += interval
        names.add(thinning.name_at(now))
        names -= set(thinning.superfluous(names, now))
    days = [datetime.strptime(name, thinning.NAME).replace(tzinfo=UTC).date() for name in names]
    return sorted((now.date() - day).days for day in days)


def test_p23_one_backup_a_day_for_a_week_then_one_a_week_and_none_older_than_35_days():
    # The last run is on a Tuesday; weeks end on Sundays.
    assert days_kept(timedelta(days=1), 99) == [0, 1, 2, 3, 4, 5, 6, 7, 9, 16, 23, 30]


def test_backups_every_hour_leave_the_newest_of_each_day():
    assert [age for age in days_kept(timedelta(hours=1), 24 * 20) if age < 7] == [0, 1, 2, 3, 4, 5, 6]


def test_thinning_leaves_other_files_alone():
    ours = [*nightly(3), "clinic-2020-01-01-030000.backup"]
    others = ["before-the-move.backup", "clinic-2020-13-01-030000.backup"]

    assert thinning.superfluous([*ours, *others], NOW) == ["clinic-2020-01-01-030000.backup"]


def nightly(days):
    """Return the names of the backups of the last nights, the newest first."""
    return [thinning.name_at(NOW - timedelta(days=day)) for day in range(days)]


@pytest.mark.parametrize("ahead", [timedelta(days=40), timedelta(days=365)])
def test_a_backup_from_a_clock_that_is_ahead_is_not_the_only_one_left(ahead):
    names = [thinning.name_at(NOW + ahead), *nightly(7)]

    by_the_clock = thinning.superfluous(names, NOW + ahead)
    once_it_is_set = thinning.superfluous(names, NOW)

    assert (by_the_clock, once_it_is_set) == (sorted(names[3:]), [])


def test_three_backups_from_a_clock_that_is_ahead_leave_the_others_theirs_at_its_next_jump():
    year = timedelta(days=365)
    ahead = [thinning.name_at(NOW + year + timedelta(days=day)) for day in (1, 2, 3)]
    names = [*ahead, *nightly(7)]

    assert thinning.superfluous(names, NOW + year) == sorted(nightly(7)[3:])


def test_thinning_removes_what_a_stopped_run_has_left():
    running, stopped = (thinning.name_at(NOW - timedelta(hours=hours)) + ".part" for hours in (1, 25))

    assert thinning.superfluous([running, stopped], NOW) == [stopped]


# History


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("hours_ago", "is_whole", "is_overdue"),
    [
        ([], True, False),
        ([1], False, False),
        ([37], False, True),
        ([37], True, True),
        ([35, 60], True, False),
    ],
)
def test_p8_a_site_that_makes_backups_raises_the_alarm_after_36_hours_without(
    hours_ago, is_whole, is_overdue
):
    for hours in hours_ago:
        moment = NOW - timedelta(hours=hours)
        Backup.objects.create(name="b", started_at=moment, verified_at=moment if is_whole else None)

    assert history.is_overdue(NOW) == is_overdue


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("target", "copied_hours_ago", "is_told"),
    [
        ("nas:clinic/", [35, 60], False),
        ("nas:clinic/", [37, 60], True),
        ("nas:clinic/", [], True),
        ("", [], False),
        # By a clock that was a month ahead.
        ("nas:clinic/", [60, -24 * 30], True),
    ],
)
def test_p8_a_backup_that_never_leaves_the_machine_although_it_should_raises_the_alarm(
    settings, target, copied_hours_ago, is_told
):
    settings.BACKUP_COPY_TO = target
    Backup.objects.create(name="first", started_at=NOW - timedelta(days=9), verified_at=NOW)
    for hours in copied_hours_ago:
        moment = NOW - timedelta(hours=hours)
        Backup.objects.create(name="copied", started_at=moment, verified_at=moment, copied_at=moment)

    assert history.not_copied(NOW).exists() == is_told


@pytest.mark.django_db
def test_the_last_whole_and_the_last_copied_backup_are_known():
    earlier = NOW - timedelta(days=1)
    Backup.objects.create(name="a", verified_at=earlier, copied_at=earlier)
    Backup.objects.create(name="b", verified_at=NOW)

    assert (history.last_verified(), history.last_copied()) == (NOW, earlier)


# Off this machine


@pytest.fixture
def made(tmp_path):
    with places.private_file(tmp_path / "clinic.backup") as file:
        file.write(b"sealed")
    return tmp_path / "clinic.backup"


@pytest.fixture
def other_disk(tmp_path):
    memory = Path("/dev/shm")
    if not memory.is_dir() or memory.stat().st_dev == tmp_path.stat().st_dev:
        pytest.skip("There is no second file system on this machine.")
    folder = memory / secrets.token_hex(8)
    folder.mkdir()
    yield folder
    for file in folder.iterdir():
        file.unlink()
    folder.rmdir()


def test_a_backup_is_copied_to_another_disk(made, other_disk):
    copying.copy(made, str(other_disk))

    assert (other_disk / made.name).read_bytes() == b"sealed"
    assert stat.S_IMODE((other_disk / made.name).stat().st_mode) == 0o600


@pytest.mark.parametrize("target", ["", "missing"])
def test_a_disk_that_is_not_mounted_takes_no_copy(made, tmp_path, target):
    with pytest.raises(BackupProblem) as problem:
        copying.copy(made, str(tmp_path / target))

    assert problem.value.code == "same-disk"


def test_a_server_out_of_reach_is_reported(made):
    with pytest.raises(BackupProblem) as problem:
        copying.copy(made, "rsync://127.0.0.1:1/clinic/")

    assert problem.value.code == "rsync-10"


# The commands


@pytest.fixture
def folder(tmp_path, settings):
    """A folder for backups of a site with one patient and one picture."""
    settings.BACKUP_FOLDER = tmp_path / "backups"
    settings.BACKUP_COPY_TO = ""
    builders.appointment_request(full_name=PATIENT)
    builders.picture()
    return settings.BACKUP_FOLDER


@pytest.mark.django_db(transaction=True)
def test_p17_p22_t35_a_backup_is_private_sealed_opened_again_and_noted(folder, capsys):
    umask = os.umask(0)
    call_command("backup")
    os.umask(umask)

    (file,) = folder.iterdir()
    backup = Backup.objects.get()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert (backup.name, backup.bytes, backup.error) == (file.name, file.stat().st_size, "")
    assert backup.verified_at is not None
    assert AuditEvent.objects.filter(action="backup.made", subject=file.name).count() == 1
    assert capsys.readouterr().out.startswith(f"{file}: ")
    content = opened(file)
    assert PATIENT.encode() not in file.read_bytes()
    assert PATIENT.encode() in content["database"] or connection.vendor == "postgresql"
    assert [name for name in content if name.endswith(".jpg")] != []


@pytest.mark.django_db(transaction=True)
def test_p17_a_file_that_comes_or_goes_while_the_database_is_copied_is_in_the_backup(settings, tmp_path):
    settings.MEDIA_ROOT.mkdir()
    going, coming = settings.MEDIA_ROOT / "going.pdf", settings.MEDIA_ROOT / "coming.pdf"
    going.write_bytes(b"named by a row of the copy")

    def meanwhile():
        coming.write_bytes(b"as well")
        going.unlink()

    _backup, file = making.make(tmp_path / "clinic.backup", newest_reference=meanwhile)

    assert sorted(opened(file)) == ["database", "media/coming.pdf", "media/going.pdf"]


@pytest.mark.django_db(transaction=True)
def test_p17_a_file_that_is_being_written_is_whole_in_the_backup(settings, tmp_path):
    settings.MEDIA_ROOT.mkdir()
    upload = settings.MEDIA_ROOT / "upload.pdf"
    upload.write_bytes(b"first half")

    def meanwhile():
        with upload.open("ab") as file:
            file.write(b", second half")

    _backup, file = making.make(tmp_path / "clinic.backup", newest_reference=meanwhile)
    with file.open("rb") as stream:
        archive.read(stream, lambda name, content: media.write(tmp_path / "restored" / name, content))

    assert (tmp_path / "restored/media/upload.pdf").read_bytes() == b"first half, second half"


@pytest.mark.django_db(transaction=True)
def test_a_file_of_long_ago_is_in_the_backup_once(settings, tmp_path):
    settings.MEDIA_ROOT.mkdir()
    for name, minutes in (("old.pdf", 2), ("young.pdf", 0)):
        (settings.MEDIA_ROOT / name).touch()
        changed_at = time.time() - minutes * 60
        os.utime(settings.MEDIA_ROOT / name, (changed_at, changed_at))
    names = []

    _backup, file = making.make(tmp_path / "clinic.backup", newest_reference=str)
    with file.open("rb") as stream:
        archive.read(stream, lambda name, content: names.append(name))

    assert names == ["media/old.pdf", "media/young.pdf", "database", "media/young.pdf"]


def opened(file):
    """Return the content of each member of an archive."""
    content = {}
    with file.open("rb") as stream:
        archive.read(stream, lambda name, member: content.update({name: member.read()}))
    return content


@pytest.mark.django_db(transaction=True)
def test_a_copy_that_fails_leaves_the_backup_and_is_reported(folder, settings):
    settings.BACKUP_COPY_TO = "rsync://127.0.0.1:1/clinic/"

    with pytest.raises(CommandError, match="The backup did not reach BACKUP_COPY_TO"):
        call_command("backup", stdout=io.StringIO())

    backup = Backup.objects.get()
    assert (backup.error, backup.copied_at) == ("rsync-10", None)
    assert [file.name for file in folder.iterdir()] == [backup.name]


@pytest.mark.django_db(transaction=True)
def test_p11_a_full_disk_leaves_no_half_backup(folder, settings):
    with (settings.MEDIA_ROOT / "large.jpg").open("wb") as large:
        large.truncate(20 * MEGABYTE)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)

    resource.setrlimit(resource.RLIMIT_FSIZE, (10 * MEGABYTE, limits[1]))
    with pytest.raises(CommandError, match="File too large"):
        call_command("backup")
    resource.setrlimit(resource.RLIMIT_FSIZE, limits)

    assert Backup.objects.get().error == "EFBIG"
    assert list(folder.iterdir()) == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("target", "code"), [("media/clinic.backup", "public-folder"), ("no/clinic.backup", "no-folder")]
)
def test_t36_a_backup_goes_to_no_public_and_no_missing_folder(settings, tmp_path, target, code):
    settings.MEDIA_ROOT.mkdir()

    with pytest.raises(CommandError):
        call_command("backup", tmp_path / target)

    assert Backup.objects.get().error == code
    assert list(settings.MEDIA_ROOT.iterdir()) == []


# Refusals


def backup_file(folder, **manifest):
    """Write a whole archive of an empty site, whose manifest says something else."""
    manifest = {
        "made_at": NOW.isoformat(),
        "version": "0.2.0",
        "engine": connection.vendor,
        "migrations": [],
        "rows": {"appointments.AppointmentRequest": 0, "staff.User": 0},
        "newest_reference": None,
        **manifest,
    }
    with places.private_file(folder / "site.backup") as file:
        writer = archive.Writer(file)
        writer.add(archive.DATABASE, io.BytesIO(b"no database"))
        writer.finish(manifest)
    return folder / "site.backup"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("manifest", "sentence"),
    [
        ({"engine": "oracle"}, "This backup is of a oracle database. Set DATABASE_URL to one of that kind."),
        (
            {"migrations": [["clinic", "9999_later"]]},
            "A newer release made this backup: clinic 9999_later is unknown here. Upgrade first.",
        ),
    ],
)
def test_a_backup_that_this_site_cannot_take_is_refused(tmp_path, manifest, sentence):
    with pytest.raises(CommandError) as refusal:
        call_command("restore", backup_file(tmp_path, **manifest), replace=True)

    assert str(refusal.value) == sentence


@pytest.mark.django_db
def test_a_damaged_backup_is_refused_before_anything_is_touched(settings, tmp_path):
    file = backup_file(tmp_path)
    file.write_bytes(flip(file.read_bytes(), HEAD_BYTES + 100))
    builders.user()
    before = sorted(tmp_path.rglob("*"))

    with pytest.raises(CommandError, match="This backup is damaged, cut off or altered"):
        call_command("restore", file, replace=True)

    assert User.objects.count() == 1
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.django_db
def test_a_site_without_its_key_is_told_so_and_makes_none(settings, tmp_path):
    file = backup_file(tmp_path)
    settings.ENCRYPTION_KEYS, settings.ENCRYPTION_KEY_FILE = [], tmp_path / "encryption-key"

    with pytest.raises(CommandError, match="Put the key of the backup into"):
        call_command("restore", file)

    assert not settings.ENCRYPTION_KEY_FILE.exists()


@pytest.mark.django_db
def test_data_is_replaced_only_if_somebody_says_so(tmp_path, settings):
    restoring.refuse_unless_free([User], replace=False)
    person = builders.user()

    with pytest.raises(BackupProblem, match="There is data here already"):
        restoring.refuse_unless_free([User], replace=False)
    restoring.refuse_unless_free([User], replace=True)
    person.delete()
    settings.MEDIA_ROOT.mkdir()
    (settings.MEDIA_ROOT / "picture.jpg").touch()
    with pytest.raises(BackupProblem, match="There is data here already"):
        restoring.refuse_unless_free([User], replace=False)


@pytest.mark.django_db
def test_a_running_site_is_not_replaced(tmp_path):
    WorkerBeat.objects.create(at=timezone.now() - timedelta(seconds=10))

    with pytest.raises(BackupProblem, match="The site is running"):
        restoring.refuse_unless_free([User], replace=True)


@pytest.mark.django_db
def test_a_beat_from_a_clock_that_was_ahead_is_no_running_site():
    WorkerBeat.objects.create(at=timezone.now() + timedelta(days=30))

    restoring.refuse_unless_free([User], replace=True)


# The media files


@pytest.fixture
def old_media(settings):
    """The folder of the media files with two old ones, and what its disk has put there."""
    for name in ("pictures/gym.jpg", "pictures/pool.jpg", "lost+found/1234"):
        path = settings.MEDIA_ROOT / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("old")
    return settings.MEDIA_ROOT


def bring(folder):
    for name in ("pictures/gym.jpg", "documents/map.pdf"):
        media.write(folder / name, io.BytesIO(b"new"))


def contents(folder):
    files = {path for path in folder.rglob("*") if path.is_file()}
    return {str(path.relative_to(folder)): path.read_text() for path in files}


def test_p17_restored_files_change_places_within_their_folder_which_may_be_a_disk(old_media, tmp_path):
    folder = old_media.stat().st_ino

    with media.arriving() as arrived:
        bring(arrived)
        with media.in_place(arrived, "before-today"):
            pass

    assert (old_media.stat().st_ino, list(tmp_path.iterdir())) == (folder, [old_media])
    assert contents(old_media) == {
        "pictures/gym.jpg": "new",
        "documents/map.pdf": "new",
        ".before-today/pictures/gym.jpg": "old",
        ".before-today/pictures/pool.jpg": "old",
        "lost+found/1234": "old",
    }
    assert [path.name for path in media.files()] == ["map.pdf", "gym.jpg"]


def test_p17_a_database_that_cannot_take_its_place_takes_the_files_back(old_media):
    before = sorted(old_media.rglob("*")), contents(old_media)

    with pytest.raises(BackupProblem), media.arriving() as arrived:
        bring(arrived)
        with media.in_place(arrived, "before-today"):
            raise BackupProblem("running", "The database is in use.")

    assert (sorted(old_media.rglob("*")), contents(old_media)) == before


def test_p17_a_file_that_cannot_change_places_leaves_all_as_it_was(old_media):
    with pytest.raises(OSError), media.arriving() as arrived:
        bring(arrived)
        # As a disk in a disk would, this folder stays where it is.
        (arrived / "lost+found").mkdir()
        before = contents(old_media / "pictures")
        with media.in_place(arrived, "before-today"):
            pytest.fail("The database was put in place.")

    assert contents(old_media / "pictures") == before
    assert {path.name for path in old_media.iterdir()} == {"pictures", "lost+found"}


@pytest.mark.django_db
def test_a_dry_run_says_what_would_happen_and_changes_nothing(tmp_path, capsys):
    file = backup_file(tmp_path, newest_reference="R-7K4M-2QX")
    before = sorted(tmp_path.rglob("*"))

    call_command("restore", file, dry_run=True)

    said = capsys.readouterr().out.splitlines()
    assert said[:3] == [
        "Made 2026-11-22 21:00 by release 0.2.0.",
        "Newest request: R-7K4M-2QX.",
        "0 appointment requests, 0 people, 0 rows in all, 0 media files.",
    ]
    assert said[3].startswith("Migrations to run: account 0001_initial, ")
    assert said[-1] == "Nothing was changed."
    assert sorted(tmp_path.rglob("*")) == before


# The list of backups


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("moments", "error", "result"),
    [
        ([], "", "Not finished"),
        (["verified_at"], "", "Whole"),
        (["verified_at", "copied_at"], "", "Whole and copied"),
        (["verified_at"], "rsync-10", "Failed rsync-10"),
    ],
)
def test_managers_see_how_far_a_backup_came(client, moments, error, result):
    Backup.objects.create(name="clinic.backup", error=error, **dict.fromkeys(moments, NOW))
    client.force_login(builders.user("Manager"))

    page = client.get("/admin/clinic/backup/").content.decode()

    cell = page.partition('class="field-result">')[2].partition("</td>")[0]
    assert " ".join(strip_tags(cell).split()) == result
