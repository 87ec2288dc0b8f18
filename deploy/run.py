"""`make run`: from a bare Python to the whole site on this machine. Standard library only.

With --dev: the same with DEBUG on and automatic reload.
"""

import os
import secrets
import shlex
import socket
import subprocess
import sys

from libraries import PROJECT, VENV, check_python, install, refuse

VAR = PROJECT / "var"
SETTINGS = (
    "SECRET_KEY",
    "SECRET_KEY_FALLBACKS",
    "ENCRYPTION_KEYS",
    "DEBUG",
    "ALLOWED_HOSTS",
    "SITE_URL",
    "DATABASE_URL",
    "EMAIL_URL",
    "DEFAULT_FROM_EMAIL",
    "CACHE_URL",
    "MEDIA_ROOT",
    "BACKUP_COPY_TO",
    "TRUSTED_PROXY_COUNT",
    "TIME_ZONE",
    "COUNTRY",
    "REQUIRE_MFA",
)


def main():
    """Prepare what is missing, then hand this process over to the supervisor."""
    check_python()
    is_dev = "--dev" in sys.argv[1:]
    port = free_port(os.environ.get("PORT") or "8000")
    make_folder()
    install("requirements.txt")
    # The database, the mails and the logins are nobody else's to read.
    os.umask(0o077)
    environment = settings(port, is_dev)
    prepared = subprocess.run([VENV / "bin/python", "manage.py", "prepare"], cwd=PROJECT, env=environment)
    if prepared.returncode:
        sys.exit(1)
    print(f"\nOpen {environment['SITE_URL']}/ (staff: {environment['SITE_URL']}/admin/). Ctrl-C stops it.\n")
    sys.stdout.flush()
    procfile = "deploy/Procfile.dev" if is_dev else "Procfile"
    os.chdir(PROJECT)
    honcho = str(VENV / "bin/honcho")
    os.execve(honcho, [honcho, "-e", os.devnull, "-f", procfile, "start"], environment)


def free_port(text):
    """Return the port if this machine can listen on it."""
    if not text.isascii() or not text.isdigit() or not 0 < int(text) < 65536:
        refuse("Set PORT to a number from 1 to 65535, such as PORT=8001.")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", int(text)))
        except PermissionError:
            refuse(f"Port {text} belongs to the system; choose one above 1023: make run PORT=8001.")
        except OSError:
            refuse(f"Port {text} is in use; stop the other program or choose another: make run PORT=8001.")
    return text


def make_folder():
    """Make var/, which holds everything that a run creates."""
    try:
        VAR.mkdir(mode=0o750, exist_ok=True)
        probe = VAR / ".writable"
        probe.touch()
        probe.unlink()
    except OSError:
        refuse(f"The folder {PROJECT} cannot be written; make it yours or copy the project elsewhere.")


def settings(port, is_dev):
    """Return the environment of the site, and leave it in var/env for commands in a shell."""
    chosen = {
        "SECRET_KEY": secret_key(),
        "SITE_URL": f"http://127.0.0.1:{port}",
        "ALLOWED_HOSTS": "127.0.0.1,localhost",
        "EMAIL_URL": "filemail:///var/mail",
        "DEFAULT_FROM_EMAIL": "front-desk@harbor.example",
        "TIME_ZONE": "America/Chicago",
        "COUNTRY": "US",
        # Demo logins are random passwords in a file of this machine.
        "REQUIRE_MFA": "0",
        "DEBUG": "1" if is_dev else "0",
    }
    chosen.update({name: os.environ[name] for name in SETTINGS if os.environ.get(name)})
    lines = [f"{name}={shlex.quote(value)}\n" for name, value in sorted(chosen.items())]
    write_private(VAR / "env", "".join(lines))
    path = f"{VENV / 'bin'}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    others = {name: value for name, value in os.environ.items() if name != "PYTHONHOME"}
    return {**others, **chosen, "PORT": port, "PATH": path, "VIRTUAL_ENV": str(VENV), "PYTHONUNBUFFERED": "1"}


def secret_key():
    """Return this installation's own key, made once."""
    file = VAR / "secret-key"
    if not file.exists() or not file.read_text().strip():
        write_private(file, secrets.token_urlsafe(64))
    return file.read_text().strip()


def write_private(file, text):
    """Write a file that only its owner can read, whole or not at all."""
    draft = file.with_name(file.name + ".part")
    draft.unlink(missing_ok=True)
    with open(draft, "x", opener=lambda path, flags: os.open(path, flags, 0o600)) as stream:
        stream.write(text)
    draft.replace(file)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
