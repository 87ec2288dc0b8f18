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
    environment = server.environment()
    release = server.running()
    os.umask(0o077)
    if not server.is_trial:
        person = pwd.getpwnam(USER)
        os.setgroups([])
        os.setgid(person.pw_gid)
        os.setuid(person.pw_uid)
    os.chdir(release)
    python = str(release / ".venv/bin/python")
    os.execve(python, [python, "manage.py", *command], environment)


if __name__ == "__main__":
    main()
