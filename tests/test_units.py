"""What stands in deploy/ must fit what the code reads and how `make run` starts it."""

import ast
import configparser
import re
import shutil
import subprocess
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent
DEPLOY = PROJECT / "deploy"
SERVICES = ("clinic-web", "clinic-worker", "clinic-backup")
READERS = {"text", "several", "flag", "folder"}
# Read by the units and nobody else.
OF_THE_UNITS = {"PORT", "WEB_WORKERS"}
HARDENED = {
    "User": "clinic",
    "UMask": "0077",
    "NoNewPrivileges": "yes",
    "ProtectSystem": "strict",
    "ProtectHome": "yes",
    "PrivateTmp": "yes",
    "ReadWritePaths": "/var/lib/clinic",
    "CapabilityBoundingSet": "",
    "RestrictAddressFamilies": "AF_UNIX AF_INET AF_INET6",
    "SystemCallFilter": "@system-service",
    "EnvironmentFile": "/etc/clinic/env",
}


def unit(name, section="Service"):
    """Return a section of a unit."""
    reader = configparser.ConfigParser(interpolation=None)
    reader.optionxform = str
    reader.read(DEPLOY / f"{name}.service")
    return dict(reader[section])


def read_by_the_settings():
    """Return the variables that clinic/environment.py and clinic/settings.py read."""
    calls = [
        node
        for file in ("clinic/environment.py", "clinic/settings.py")
        for node in ast.walk(ast.parse((PROJECT / file).read_text()))
        if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant)
    ]
    names = [call.args[0].value for call in calls if name_of(call.func) in READERS]
    return {name for name in names if isinstance(name, str)}


def name_of(function):
    """Return `text` for both text(…) and environment.text(…)."""
    return getattr(function, "attr", None) or getattr(function, "id", None)


def test_env_example_explains_every_variable_and_invents_none():
    lines = (DEPLOY / "env.example").read_text().splitlines()
    named = {line: re.match(r"#?([A-Z][A-Z_]+)=", line) for line in lines}

    explained = [found[1] for found in named.values() if found]

    assert sorted(explained) == sorted(read_by_the_settings() | OF_THE_UNITS)


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_may_do_what_it_needs_and_no_more(name):
    service = unit(name)

    assert {key: service.get(key) for key in HARDENED} == HARDENED
    assert set(service) >= {"MemoryMax", "RestrictNamespaces", "ProtectKernelTunables", "PrivateDevices"}


@pytest.mark.parametrize("name", ["clinic-web", "clinic-worker"])
def test_web_and_worker_start_again_whatever_ended_them_and_how_often(name):
    # By default systemd gives up after five starts within ten seconds.
    assert (unit(name)["Restart"], unit(name, "Unit").get("StartLimitIntervalSec")) == ("always", "0")


def test_the_log_of_caddy_keeps_no_field_with_a_whole_address():
    text = (DEPLOY / "Caddyfile").read_text()

    fields = dict(re.findall(r"^\s+(request>\w+) (.*?)(?: \{)?$", text, re.MULTILINE))

    # Of Caddy 2.6, and since 2.7.
    assert {name: fields.get(name) for name in ("request>remote_ip", "request>client_ip")} == {
        "request>remote_ip": "ip_mask",
        "request>client_ip": "delete",
    }


def test_the_web_server_runs_with_the_flags_of_the_procfile():
    procfile = (PROJECT / "Procfile").read_text()
    flags = re.search(r"granian (.*)", procfile)[1].replace("$PORT", "${PORT}").replace(":-2", "")

    assert unit("clinic-web")["ExecStart"] == f"/opt/clinic/current/.venv/bin/granian {flags}"


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="There is no systemd-analyze here.")
def test_systemd_understands_the_units(tmp_path):
    for file in DEPLOY.glob("clinic-*"):
        # The programs are not installed here.
        text = re.sub(r"ExecStart=\S+", "ExecStart=/bin/true", file.read_text())
        (tmp_path / file.name).write_text(
            text.replace("file:/opt/clinic/current/docs", "file:/usr/share/doc")
        )

    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *tmp_path.iterdir()], capture_output=True, text=True
    )

    assert [line for line in done.stderr.splitlines() if "clinic" in line] == []
