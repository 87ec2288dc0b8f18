"""`make install`: from this folder to a site that runs as services behind a proxy. Safe to repeat.

With --root it does the same under another folder, without users and services, for a trial and the tests.
"""

import pwd
import re
import secrets
import shutil
import subprocess
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import proxy
from layout import PROJECT, SERVICES, USER, Server, arguments, read_env, refuse, say
from libraries import check_python

DOMAIN = re.compile(r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]")
EXAMPLE_DOMAIN = "www.clinic.example"
COMMAND = '#!/bin/sh\nexec python3 /opt/clinic/current/deploy/command.py --root {root} -- "$@"\n'
LAST_WORDS = """
The site is installed. What is left:
  1. Set mail server, sender and time zone in {env}, then: systemctl restart clinic-web clinic-worker
  2. clinic check_mail you@{domain}
  3. clinic invite you@{domain} --role Manager
Keep a copy of {env} off this machine: no backup opens without its ENCRYPTION_KEYS."""


def main():
    """Install, or bring what is installed into order again."""
    check_python()
    options = arguments(
        "Install the site on this machine.",
        domain={"required": True},
        proxy={"choices": proxy.PROXIES, "default": "caddy"},
    )
    domain = in_ascii(options.domain.lower())
    server = Server(options)
    server.take_turn()
    proxy.check(server, options.proxy, domain)
    make_user(server, proxy.PROXIES[options.proxy]["user"])
    try:
        install(server, domain, options.proxy)
    except subprocess.CalledProcessError as problem:
        refuse(f"The step “{step_of(problem)}” failed; see above, mend it, and run make install again.")
    except TimeoutError as problem:
        refuse(f"It is installed, but {problem}.")
    print(LAST_WORDS.format(domain=domain.removeprefix("www."), env=server.env_file))


def in_ascii(domain):
    """Return the name as the machines of the internet know it."""
    name = domain
    with suppress(UnicodeError):
        if not domain.isascii():
            name = domain.encode("idna").decode()
            # The codec knows an older standard, by which ß is ss: another domain.
            name = name if name.encode().decode("idna") == domain else ""
    if DOMAIN.fullmatch(name):
        return name
    refuse(
        f"Name the site's domain alone, such as make install DOMAIN={EXAMPLE_DOMAIN}. "
        "If it has letters beyond a to z, write its form that begins with xn--."
    )


def install(server, domain, name):
    """Put every part in its place, and start."""
    release = server.place(PROJECT)
    if server.running() not in (None, release):
        refuse("Another version is installed; run make upgrade to change to this one.")
    write_settings(server, domain)
    make_folders(server)
    say("Checking the settings …")
    server.manage(release, "check", "--deploy", "--fail-level", "ERROR", "--database", "default")
    say("Preparing database and styles …")
    server.manage(release, "migrate", "--no-input", "-v0")
    server.collect_static(release)
    server.history.write(**{"previous": None} | server.history.read() | {"current": release.name})
    say("Starting the services …")
    server.write(server.root / "usr/local/bin/clinic", command_line(server), mode=0o755)
    proxy.configure(server, domain, name)
    server.start(release)
    server.start_worker()
    server.service("enable", *SERVICES)
    server.service("enable", "--now", "clinic-backup.timer")
    server.service("restart", name)


def make_user(server, user_of_proxy):
    """Make the user that the site runs as, and let the proxy read the pictures."""
    if server.is_trial:
        return
    try:
        check_home(pwd.getpwnam(USER), server.data)
    except KeyError:
        say(f"Making the user {USER} …")
        account = ["--system", "--user-group", "--no-create-home", "--home-dir", server.data]
        server.run(["useradd", *account, "--shell", "/usr/sbin/nologin", USER])
    server.run(["usermod", "--append", "--groups", USER, user_of_proxy])


def check_home(account, home):
    """Refuse to run the site as an account that is somebody's own: all its programs could read everything."""
    if Path(account.pw_dir) != home:
        refuse(
            f"This machine has an account {account.pw_name} already, with its home in {account.pw_dir}. "
            "The site needs that name for an account of its own; rename yours "
            f"(usermod --login OTHER {account.pw_name}; groupmod --new-name OTHER {account.pw_name}) "
            "and run make install again."
        )


def write_settings(server, domain):
    """Write the settings with keys of this installation's own; those that are there stay."""
    if server.env_file.exists():
        if urlsplit(read_env(server.env_file).get("SITE_URL", "")).hostname != domain:
            refuse(f"The site has another domain; change SITE_URL and ALLOWED_HOSTS in {server.env_file}.")
        return
    say(f"Writing {server.env_file} …")
    chosen = {
        "SECRET_KEY": secrets.token_urlsafe(64),
        "ENCRYPTION_KEYS": secrets.token_urlsafe(48),
        "TIME_ZONE": time_zone_of_machine(),
    }
    text = (PROJECT / "deploy/env.example").read_text()
    for name, value in chosen.items():
        text = re.sub(rf"^{name}=.*$", f"{name}={value}" if value else r"\g<0>", text, flags=re.MULTILINE)
    text = text.replace(EXAMPLE_DOMAIN, domain).replace("@clinic.example", f"@{domain.removeprefix('www.')}")
    # For root alone: systemd reads it before it becomes the site's user.
    server.write(server.env_file, server.rooted(text), mode=0o600)


def time_zone_of_machine():
    """Return this machine's time zone, or nothing where nobody has chosen one."""
    file = Path("/etc/timezone")
    name = file.read_text().strip() if file.exists() else ""
    return name if "/" in name and not name.startswith("Etc/") else ""


def make_folders(server):
    """Make the folders of everything that the site stores, each by the user who owns it.

    Their group is the proxy's way to pictures and pages; the database and its copies are 0600.
    """
    if not server.data.exists():
        server.data.mkdir(parents=True)
        server.data.chmod(0o750)
        if not server.is_trial:
            shutil.chown(server.data, USER, USER)
    server.run_as_site(["mkdir", "-p", "-m", "750", server.data / "media", server.data / "pages"])


def command_line(server):
    """Return the program `clinic`, which runs management commands."""
    return server.rooted(COMMAND.format(root=server.root))


def step_of(problem):
    """Return the program that failed, in short."""
    words = [str(word) for word in problem.cmd]
    return " ".join(words[1:3]) if words[0].endswith("python") else " ".join(words[:2])


if __name__ == "__main__":
    main()
