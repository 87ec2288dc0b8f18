"""Carry a backup off this machine: fire, theft and encryption by strangers take whatever is on it."""

import os
import shutil
import subprocess
from pathlib import Path

from clinic.backup.problems import BackupProblem

# Never a question that nobody is there to answer.
SSH = "ssh -o BatchMode=yes -o ConnectTimeout=20"
SILENT_SECONDS = 120


def copy(file, target):
    """Copy a file to an rsync target or into a mounted folder; raises BackupProblem."""
    if _is_folder(target):
        _refuse_this_disk(file, Path(target))
    rsync = shutil.which("rsync")
    if rsync is None:
        raise BackupProblem("no-rsync", "There is no rsync here. Install it, or empty BACKUP_COPY_TO.")
    command = [rsync, f"--timeout={SILENT_SECONDS}", "--", str(file), target]
    # Not as --rsh, which would lead to rsync's own servers through ssh as well.
    environment = os.environ | {"RSYNC_RSH": SSH}
    done = subprocess.run(  # noqa: S603 - the operator's own target
        command, env=environment, capture_output=True, text=True, errors="replace"
    )
    if done.returncode:
        reason = done.stderr.strip().partition("\n")[0]
        raise BackupProblem(f"rsync-{done.returncode}", f"The backup did not reach BACKUP_COPY_TO: {reason}")


def _is_folder(target):
    """Return whether rsync takes the target for a path on this machine."""
    return ":" not in target.partition("/")[0]


def _refuse_this_disk(file, folder):
    """Refuse a folder whose disk is not mounted: the copy would lie beside the backup."""
    if not folder.is_dir() or folder.stat().st_dev == file.stat().st_dev:
        raise BackupProblem(
            "same-disk", "BACKUP_COPY_TO is no folder of another disk. Mount that disk, or name another host."
        )
