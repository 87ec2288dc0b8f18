"""`make install`: from this folder to a site that runs as services behind a proxy. Safe to repeat.

With --root it does the same under another folder, without users and services, for a trial and the tests.
"""

import pwd
import re
import secrets
import shutil
import subprocess
from pathlib import Path
from urllib.parse import urlsplit

from layout import PROJECT, SERVICES, USER, Server, arguments, read_env, refuse, say
from libraries import check_python

DOMAIN = re.compile(r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]")
PROXIES = {
    "caddy": {"package": "caddy", "user": "caddy", "files": {"Caddyfile": "etc/caddy/Caddyfile"}},
    "nginx": {
        "package": "nginx-light",
        "user": "www-data",
        "files": {
            "nginx.conf": "etc/nginx/sites-available/clinic",
            "nginx-headers.conf": "etc/nginx/snippets/clinic-headers.conf",
        },
    },
}
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
        proxy={"choices": PROXIES, "default": "caddy"},
    )
    domain = options.domain.lower()
    if not DOMAIN.fullmatch(domain):
        refuse(f"Name the site's domain alone, such as make install DOMAIN={EXAMPLE_DOMAIN}.")
    server = Server(options)
    proxy = PROXIES[options.proxy]
    check_proxy(server, options.proxy, domain)
    make_user(server, proxy)
    try:
        install(server, domain, options.proxy)
    except subprocess.CalledProcessError as problem:
        refuse(f"The step “{step_of(problem)}” failed; see above, mend it, and run make install again.")
    except TimeoutError as problem:
        refuse(f"It is installed, but {problem}.")
    print(LAST_WORDS.format(domain=domain.removeprefix("www."), env=server.env_file))


def install(server, domain, proxy):
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
    write_proxy(server, domain, proxy)
    server.start(release)
    server.service("enable", *SERVICES)
    server.service("enable", "--now", "clinic-backup.timer")
    server.service("restart", proxy)


def check_proxy(server, name, domain):
    """Refuse early when the proxy, or what it needs, is not there yet."""
    proxy = PROXIES[name]
    if not server.is_trial and not shutil.which(name, path="/usr/sbin:/usr/bin:/usr/local/bin"):
        refuse(f"Install the proxy first (apt install {proxy['package']}) and run make install again.")
    certificate = server.root / "etc/letsencrypt/live" / domain
    if name == "nginx" and not server.is_trial and not certificate.exists():
        refuse(
            f"Get a certificate first (certbot certonly --webroot -w /var/www/html -d {domain}) "
            "and run make install again."
        )


def make_user(server, proxy):
    """Make the user that the site runs as, and let the proxy read the pictures."""
    if server.is_trial:
        return
    try:
        pwd.getpwnam(USER)
    except KeyError:
        say(f"Making the user {USER} …")
        account = ["--system", "--user-group", "--no-create-home", "--home-dir", server.data]
        server.run(["useradd", *account, "--shell", "/usr/sbin/nologin", USER])
    server.run(["usermod", "--append", "--groups", USER, proxy["user"]])


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


def write_proxy(server, domain, name):
    """Configure the proxy for this domain; keep what was there before beside it."""
    for ours, place in PROXIES[name]["files"].items():
        file = server.root / place
        text = server.rooted((PROJECT / "deploy" / ours).read_text().replace(EXAMPLE_DOMAIN, domain))
        if file.exists() and file.read_text() != text:
            kept = file.with_name(f"{file.name}.before-clinic")
            say(f"Keeping the earlier {file} as {kept.name} …")
            shutil.copy(file, kept)
        server.write(file, text)
    if name == "nginx":
        enabled = server.root / "etc/nginx/sites-enabled/clinic"
        enabled.parent.mkdir(parents=True, exist_ok=True)
        enabled.unlink(missing_ok=True)
        enabled.symlink_to("../sites-available/clinic")


def step_of(problem):
    """Return the program that failed, in short."""
    words = [str(word) for word in problem.cmd]
    return " ".join(words[1:3]) if words[0].endswith("python") else " ".join(words[:2])


if __name__ == "__main__":
    main()
