"""`clinic …`: run a management command as the site's user, with the site's settings."""

import os
import pwd
import sys

from layout import USER, Server, arguments, refuse


def main():
    """Become the site's user, and hand this process over to manage.py."""
    where = sys.argv.index("--") if "--" in sys.argv else len(sys.argv)
    command, sys.argv = sys.argv[where + 1 :], sys.argv[:where]
    if not command:
        refuse("Name a command, such as: clinic check_queue")
    server = Server(arguments("Run a management command of the site."))
    # By their whole paths, while root can still see them.
    named = [os.path.abspath(word) for word in command[1:] if os.path.isfile(word)]
    environment = server.environment()
    release = server.running()
    os.umask(0o077)
    if not server.is_trial:
        person = pwd.getpwnam(USER)
        os.setgroups([])
        os.setgid(person.pw_gid)
        os.setuid(person.pw_uid)
    stay_or_go_to(release)
    refuse_what_cannot_be_read(named)
    python = str(release / ".venv/bin/python")
    os.execve(python, [python, str(release / "manage.py"), *command], environment)


def stay_or_go_to(release):
    """Work where the command was typed, so that relative paths are right, if the site's user may be there."""
    try:
        os.listdir(os.getcwd())
    except OSError:
        os.chdir(release)


def refuse_what_cannot_be_read(files):
    """Say how to hand over a file that only the person who typed the command can read."""
    for file in files:
        if not os.access(file, os.R_OK):
            refuse(
                f"Commands run as the user {USER}, who can't read {file}. "
                f"Copy it (install -o {USER} -m 600 {file} /var/lib/clinic/) and name the copy."
            )


if __name__ == "__main__":
    main()
