"""What of the project becomes a release on a server, and how it is known again."""

import hashlib
import re
import shutil
import stat
import tomllib

# A clone may hold more than the project. What somebody left there must not become everybody's to read.
PARTS = """
CHANGELOG.md Makefile Procfile README.md SECURITY.md appointments articles clinic deploy docs manage.py
pyproject.toml requirements.in requirements.txt staff templates
""".split()
NOT_CODE = re.compile(r"(^|/)(\.|__pycache__/)|\.part$")


def copy_code(source, target):
    """Copy the project, for everybody to read."""
    for file in code_of(source):
        place = target / file.relative_to(source)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(file, place)
    open_to_readers(target)


def release_name(source):
    """Return version and digest of the code, so that the same code is the same release."""
    version = tomllib.loads((source / "pyproject.toml").read_text())["project"]["version"]
    digest = hashlib.sha256()
    for file in code_of(source):
        digest.update(f"{file.relative_to(source)}\n".encode() + file.read_bytes())
    return f"{version}-{digest.hexdigest()[:10]}"


def code_of(source):
    """Return every file of the project, in order."""
    there = (file for part in PARTS for file in [source / part, *(source / part).rglob("*")])
    return sorted(
        file for file in there if file.is_file() and not NOT_CODE.search(str(file.relative_to(source)))
    )


def open_to_readers(folder):
    """Let everybody read what lies in a folder, whatever the umask was when it was made."""
    for file in [folder, *folder.rglob("*")]:
        if not file.is_symlink():
            is_program = file.is_dir() or file.stat().st_mode & stat.S_IXUSR
            file.chmod(0o755 if is_program else 0o644)
