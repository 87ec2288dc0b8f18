"""Read the environment, and refuse what would hurt later with a sentence that says what to set."""

import os
import re
import zoneinfo

from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.validators import validate_email
from environ import Env

LOOPBACK_HOSTS = {"localhost", "127.0.0.1", "[::1]"}
SHORTEST_SECRET_KEY = 50
EU_COUNTRIES = frozenset(
    "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split()
)
COUNTRIES = frozenset({"US", "GB", "EU"}) | EU_COUNTRIES

HOST = r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:]+\]"
ADDRESS = re.compile(rf"(?P<scheme>https?)://(?P<host>{HOST})(:[1-9][0-9]{{0,4}})?")
MAIL_KINDS = {
    "smtp": {"EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend"},
    "smtp+tls": {"EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend", "EMAIL_USE_TLS": True},
    "smtp+ssl": {"EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend", "EMAIL_USE_SSL": True},
    "smtps": {"EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend", "EMAIL_USE_SSL": True},
    "filemail": {"EMAIL_BACKEND": "clinic.mail_files.EmailBackend"},
    "consolemail": {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"},
    "memorymail": {"EMAIL_BACKEND": "django.core.mail.backends.locmem.EmailBackend"},
}
# clinic.models.CacheEntry
CACHE_TABLE = "clinic_cache"
SMTP_PORTS = {"smtp": 25, "smtp+tls": 587, "smtp+ssl": 465, "smtps": 465}


def text(name, default=""):
    """Return the variable's value; an empty one counts as absent."""
    return os.environ.get(name, "").strip() or default


def several(name):
    """Return the values between the variable's commas."""
    return [value.strip() for value in text(name).split(",") if value.strip()]


def flag(name, *, default=False):
    """Return whether the switch is on."""
    value = text(name, "1" if default else "0").lower()
    if value in {"0", "false", "no", "off"}:
        return False
    if value in {"1", "true", "yes", "on"}:
        return True
    raise ImproperlyConfigured(f"Set {name} to 1 or 0, or leave it out.")


def secret_keys(*, debug):
    """Return the signing key and the older keys that still verify."""
    key = text("SECRET_KEY")
    fallbacks = several("SECRET_KEY_FALLBACKS")
    if not key and not debug:
        raise ImproperlyConfigured("Set SECRET_KEY to a random text of at least 50 characters, kept secret.")
    if key and not _is_strong(key):
        raise ImproperlyConfigured(
            "Set SECRET_KEY to a new random text of at least 50 characters; this one is short or an example."
        )
    if not all(_is_strong(fallback) for fallback in fallbacks):
        raise ImproperlyConfigured("Set SECRET_KEY_FALLBACKS to earlier secret keys, separated by commas.")
    return key, fallbacks


def encryption_keys():
    """Return the keys of second factors and backups; without any the site keeps one in a file of its own."""
    found = several("ENCRYPTION_KEYS")
    if not all(map(_is_random, found)):
        raise ImproperlyConfigured(
            "Set ENCRYPTION_KEYS to random texts of 40 characters or more, or leave it out."
        )
    return found


def _is_random(key):
    return len(key) >= 40 and len(set(key)) >= 10


def _is_strong(key):
    is_example = key.startswith("django-insecure-") or re.search(
        r"example|change[-_ ]?me|secret[-_ ]?key", key, re.I
    )
    return len(key) >= SHORTEST_SECRET_KEY and len(set(key)) >= 10 and not is_example


def site_url(*, debug):
    """Return the site's own address without a final slash; mails and canonical links are built on it."""
    value = text("SITE_URL", "http://127.0.0.1:8000" if debug else "").rstrip("/").lower()
    address = ADDRESS.fullmatch(value)
    if not address:
        raise ImproperlyConfigured(
            "Set SITE_URL to the site's address alone, such as https://www.clinic.example."
        )
    if address["scheme"] == "http" and not is_loopback(address["host"]):
        raise ImproperlyConfigured(
            "Set SITE_URL to an https address; http is for this machine's own 127.0.0.1."
        )
    return value


def is_loopback(host):
    """Return whether only this machine can reach the host."""
    return host in LOOPBACK_HOSTS or host.endswith(".localhost")


def allowed_hosts(site_url, *, debug):
    """Return the exact host names the site answers to."""
    hosts = [host.lower() for host in several("ALLOWED_HOSTS")] or [ADDRESS.fullmatch(site_url)["host"]]
    if not all(re.fullmatch(HOST, host) for host in hosts):
        raise ImproperlyConfigured(
            "Set ALLOWED_HOSTS to full host names separated by commas, without * or port."
        )
    if ADDRESS.fullmatch(site_url)["host"] not in hosts:
        raise ImproperlyConfigured("Set ALLOWED_HOSTS so that it names the host of SITE_URL too.")
    if debug and not all(is_loopback(host) for host in hosts):
        raise ImproperlyConfigured(
            "Set DEBUG to 0: its error pages show secrets, and ALLOWED_HOSTS is public."
        )
    return hosts


def database(base_dir):
    """Return the connection parameters of `DATABASE_URL`: a SQLite file or a PostgreSQL server."""
    refusal = ImproperlyConfigured(
        "Set DATABASE_URL to sqlite:///FILE or postgres://USER:PASSWORD@HOST:PORT/NAME."
    )
    url = text("DATABASE_URL", "sqlite:///var/clinic.sqlite3")
    if url.partition("://")[0] not in {"sqlite", "postgres", "postgresql"}:
        raise refusal
    try:
        config = Env.db_url_config(url)
    except (ValueError, ImproperlyConfigured) as problem:
        raise refusal from problem
    if not config["NAME"] or config["NAME"] == ":memory:":
        raise refusal
    if config["ENGINE"] == "django.db.backends.sqlite3":
        config["NAME"] = base_dir / config["NAME"]
    return config


def mail(base_dir, *, debug):
    """Return Django's e-mail settings for `EMAIL_URL`."""
    kinds = ", ".join(MAIL_KINDS)
    refusal = ImproperlyConfigured(f"Set EMAIL_URL to smtps://USER:PASSWORD@HOST:PORT (kinds: {kinds}).")
    url = text("EMAIL_URL", "consolemail://" if debug else "")
    kind = url.partition("://")[0]
    if kind not in MAIL_KINDS:
        raise refusal
    try:
        config = Env.email_url_config(url, backend=MAIL_KINDS[kind]["EMAIL_BACKEND"])
    except ValueError as problem:
        raise refusal from problem
    if kind in SMTP_PORTS and not config["EMAIL_HOST"]:
        raise refusal
    if kind == "smtp" and not is_loopback(config["EMAIL_HOST"]):
        raise ImproperlyConfigured(
            "Set EMAIL_URL to smtps:// or smtp+tls://; smtp sends passwords and mail in clear."
        )
    # The kinds decide on encryption: django-environ reads smtps as STARTTLS, which can be stripped.
    config |= {"EMAIL_USE_TLS": False, "EMAIL_USE_SSL": False} | MAIL_KINDS[kind]
    config["EMAIL_PORT"] = config["EMAIL_PORT"] or SMTP_PORTS.get(kind)
    config["EMAIL_FILE_PATH"] = base_dir / (config["EMAIL_FILE_PATH"] or "var/mail")
    return config


def from_email(*, debug):
    """Return the bare address that mails come from."""
    address = text("DEFAULT_FROM_EMAIL", "clinic@localhost.localdomain" if debug else "")
    try:
        validate_email(address)
    except ValidationError as problem:
        raise ImproperlyConfigured(
            "Set DEFAULT_FROM_EMAIL to the address mails come from, such as front-desk@clinic.example."
        ) from problem
    return address


def cache():
    """Return the cache of `CACHE_URL`; by default a table, since a code may be used once in all processes."""
    try:
        return Env.cache_url_config(text("CACHE_URL", f"dbcache://{CACHE_TABLE}"))
    except (ValueError, ImproperlyConfigured) as problem:
        raise ImproperlyConfigured(
            "Set CACHE_URL to rediscache://HOST:PORT/0 or dbcache://TABLE, or leave it out."
        ) from problem


def folder(name, base_dir, *, default):
    """Return a folder's path, relative ones counted from the project."""
    return base_dir / text(name, default)


def trusted_proxy_count():
    """Return how many proxies of ours stand between the visitor and this process."""
    value = text("TRUSTED_PROXY_COUNT", "0")
    if not re.fullmatch(r"[0-9]", value):
        raise ImproperlyConfigured("Set TRUSTED_PROXY_COUNT to how many proxies stand in front: 0 to 9.")
    return int(value)


def time_zone(*, debug):
    """Return the clinic's time zone; every promised time is told in it."""
    name = text("TIME_ZONE", "America/Chicago" if debug else "")
    if name not in zoneinfo.available_timezones():
        raise ImproperlyConfigured("Set TIME_ZONE to the clinic's time zone, such as America/Chicago.")
    return name


def country():
    """Return the country whose emergency numbers are shown."""
    code = text("COUNTRY", "US").upper()
    if code not in COUNTRIES:
        raise ImproperlyConfigured("Set COUNTRY to US, GB, EU or the two letters of a country of the EU.")
    return code
