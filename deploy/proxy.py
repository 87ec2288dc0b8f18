"""The configuration of Caddy or nginx: ours, for this domain, unless the operator has changed it."""

import re
import shutil

from layout import PROJECT, read_env, refuse, say

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
EXAMPLE_NAMES = re.compile(r"\b(www\.)?clinic\.example\b")
EXAMPLE_PORT = "127.0.0.1:8000"


def check(server, name, domain):
    """Refuse early when the proxy, or what it needs, is not there yet."""
    if server.is_trial:
        return
    if not shutil.which(name, path="/usr/sbin:/usr/bin:/usr/local/bin"):
        refuse(
            f"Install the proxy first (apt install {PROXIES[name]['package']}) and run make install again."
        )
    if name == "nginx" and not (server.root / "etc/letsencrypt/live" / domain).exists():
        refuse(
            "Get a certificate first (certbot certonly --webroot -w /var/www/html "
            f"-d {domain} -d {twin(domain)}) and run make install again."
        )


def configure(server, domain, name):
    """Write every file of the proxy for this domain and the port of the settings."""
    port = read_env(server.env_file).get("PORT", "8000")
    for ours, place in PROXIES[name]["files"].items():
        text = (PROJECT / "deploy" / ours).read_text().replace(EXAMPLE_PORT, f"127.0.0.1:{port}")
        text = EXAMPLE_NAMES.sub(lambda found: domain if found[1] else twin(domain), text)
        put(server, server.root / place, server.rooted(text))
    if name == "nginx":
        enabled = server.root / "etc/nginx/sites-enabled/clinic"
        enabled.parent.mkdir(parents=True, exist_ok=True)
        enabled.unlink(missing_ok=True)
        enabled.symlink_to("../sites-available/clinic")


def twin(domain):
    """Return the name that people type for it as well: with www, or without."""
    return domain.removeprefix("www.") if domain.startswith("www.") else f"www.{domain}"


def put(server, file, text):
    """Write a file, and once more beside it, to know later whether the operator has changed it."""
    ours = file.with_name(f"{file.name}.clinic")
    there, last = (path.read_text() if path.exists() else None for path in (file, ours))
    if last is not None and there not in (None, last, text):
        say(f"{file} was changed by hand and stays; the new one lies beside it as {ours.name}.")
    else:
        if last is None and there not in (None, text):
            keep(file)
        server.write(file, text)
    server.write(ours, text)


def keep(file):
    """Keep what was there before the site came, and never anything later."""
    kept = file.with_name(f"{file.name}.before-clinic")
    if not kept.exists():
        say(f"Keeping the earlier {file} as {kept.name} …")
        shutil.copy(file, kept)
