"""What `make install` puts on a server, what it leaves alone there, and what it refuses."""

import hashlib
import os
import pwd
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import copying
import install
import proxy
import pytest
from layout import Server, read_env

from tests.stack.installed import mode

PROJECT = Path(__file__).resolve().parent.parent
NOT_INSTALLED = {".ci", ".gitignore", "tests"}
NO_DOMAIN = (
    "Name the site's domain alone, such as make install DOMAIN=www.clinic.example. "
    "If it has letters beyond a to z, write its form that begins with xn--."
)
# What stands for manage.py: it says where it runs, and what it was told.
ECHO = "import os, sys; print(os.getcwd(), *sys.argv[1:])"


@pytest.fixture
def server(tmp_path):
    """A folder that stands for a server, with its settings written."""
    server = Server(SimpleNamespace(root=tmp_path / "root", systemctl=None, venv=None))
    server.write(server.env_file, "SITE_URL=https://www.clinic.example\n", mode=0o600)
    return server


def powerless():
    """Return what takes from root the power to read everything."""
    given_up = "--bounding-set=-dac_override,-dac_read_search"
    return ["setpriv", given_up, "--inh-caps=-all"] if os.geteuid() == 0 else []


def test_everything_that_git_keeps_is_installed_but_the_tests():
    done = subprocess.run(["git", "ls-files"], cwd=PROJECT, capture_output=True, text=True)
    if done.returncode:
        pytest.skip("This is no clone.")

    kept = {line.split("/")[0] for line in done.stdout.splitlines()}

    assert set(copying.PARTS) == kept - NOT_INSTALLED


def test_what_somebody_left_in_the_clone_is_neither_installed_nor_opened(tmp_path):
    clone, release = tmp_path / "clone", tmp_path / "release"
    for name in ("pyproject.toml", "manage.py"):
        (clone / name).parent.mkdir(exist_ok=True)
        shutil.copy(PROJECT / name, clone)
    (clone / "clinic/__pycache__").mkdir(parents=True)
    (clone / "clinic/apps.py").touch(mode=0o600)
    (clone / "clinic/__pycache__/apps.pyc").touch()
    before = copying.release_name(clone)
    left = clone / "alma.json"
    left.touch(mode=0o600)

    copying.copy_code(clone, release)

    copied = {str(file.relative_to(release)) for file in release.rglob("*") if file.is_file()}
    assert copied == {"pyproject.toml", "manage.py", "clinic/apps.py"}
    assert (mode(release / "clinic/apps.py"), mode(left), mode(clone / "clinic/apps.py")) == (
        "644",
        "600",
        "600",
    )
    assert copying.release_name(clone) == before


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("www.clinic.example", "www.clinic.example"),
        ("praxis-müller.example", "xn--praxis-mller-klb.example"),
        ("xn--praxis-mller-klb.example", "xn--praxis-mller-klb.example"),
        # The codec would turn it into strasse.example, which is another's.
        ("xn--strae-oqa.example", "xn--strae-oqa.example"),
    ],
)
def test_a_domain_may_have_any_letters(typed, name):
    assert install.in_ascii(typed) == name


@pytest.mark.parametrize(
    "typed", ["https://clinic.example", "clinic", "a..example", "straße.example", "clinic.example/", ""]
)
def test_what_is_no_domain_is_refused(typed):
    with pytest.raises(SystemExit) as refusal:
        install.in_ascii(typed)

    assert refusal.value.code == NO_DOMAIN


def test_an_account_of_a_person_never_becomes_that_of_the_site():
    person = pwd.struct_passwd(("clinic", "x", 1000, 1000, "", "/home/clinic", "/bin/bash"))
    ours = pwd.struct_passwd(("clinic", "x", 998, 998, "", "/var/lib/clinic", "/usr/sbin/nologin"))

    install.check_home(ours, Path("/var/lib/clinic"))
    with pytest.raises(SystemExit) as refusal:
        install.check_home(person, Path("/var/lib/clinic"))

    assert refusal.value.code == (
        "This machine has an account clinic already, with its home in /home/clinic. "
        "The site needs that name for an account of its own; rename yours "
        "(usermod --login OTHER clinic; groupmod --new-name OTHER clinic) and run make install again."
    )


def test_a_backslash_in_the_settings_is_refused_as_systemd_would_drop_it(server):
    server.env_file.write_text("# a \\ here is none\nEMAIL_URL=smtps://me:a\\b@mail.clinic.example\n")

    with pytest.raises(SystemExit) as refusal:
        read_env(server.env_file)

    assert refusal.value.code == (
        f"Take the \\ out of EMAIL_URL in {server.env_file}; in EMAIL_URL and DATABASE_URL write %5C."
    )


@pytest.mark.parametrize(
    ("domain", "twin"), [("www.clinic.example", "clinic.example"), ("praxis.example", "www.praxis.example")]
)
def test_a_domain_with_www_has_a_twin_without_and_the_other_way_round(domain, twin):
    assert proxy.twin(domain) == twin


@pytest.mark.parametrize("name", proxy.PROXIES)
def test_the_proxy_is_told_domain_twin_and_port_of_the_settings(server, name):
    server.env_file.write_text("PORT=8123\n")

    proxy.configure(server, "praxis.example", name)

    text = (server.root / next(iter(proxy.PROXIES[name]["files"].values()))).read_text()
    redirects = {"caddy": "redir https://praxis.example{uri}", "nginx": "return 301 https://praxis.example$"}
    assert [word in text for word in ("127.0.0.1:8123", redirects[name], "www.praxis.example")] == [True] * 3
    assert [word in text for word in ("127.0.0.1:8000", "clinic.example")] == [False] * 2


def test_what_the_operator_has_changed_at_the_proxy_stays(server, capsys):
    file = server.root / "etc/caddy/Caddyfile"
    server.write(file, "Debian's\n")
    kept, beside = file.with_name("Caddyfile.before-clinic"), file.with_name("Caddyfile.clinic")

    for ours in ("one\n", "two\n"):
        proxy.put(server, file, ours)
    followed = file.read_text()
    file.write_text("two and mine\n")
    proxy.put(server, file, "three\n")

    assert (followed, kept.read_text()) == ("two\n", "Debian's\n")
    assert (file.read_text(), beside.read_text()) == ("two and mine\n", "three\n")
    assert capsys.readouterr().out.splitlines() == [
        f"Keeping the earlier {file} as Caddyfile.before-clinic …",
        f"{file} was changed by hand and stays; the new one lies beside it as Caddyfile.clinic.",
    ]


@pytest.mark.parametrize(("version", "code"), [(sys.version, 0), ("3.2.1 (main)", 1)], ids=["same", "other"])
def test_libraries_of_another_python_are_installed_again(tmp_path, version, code):
    venv = tmp_path / ".venv"
    (venv / "bin").mkdir(parents=True)
    (venv / "bin/python").symlink_to(sys.executable)
    (tmp_path / "deploy").mkdir()
    shutil.copy(PROJECT / "deploy/libraries.py", tmp_path / "deploy")
    (tmp_path / "requirements.txt").write_text("django\n")
    (venv / "made-by-python").write_text(version)
    (venv / "requirements.txt.installed").write_text(hashlib.sha256(b"django\n").hexdigest())
    # A Python that can't make environments says so as soon as it is to make one.
    (tmp_path / "venv.py").write_text("raise ImportError('not packaged')\n")

    program = [sys.executable, tmp_path / "deploy/libraries.py", "requirements.txt"]
    done = subprocess.run(program, capture_output=True, env={"PYTHONPATH": str(tmp_path)})

    assert (done.returncode, venv.exists()) == (code, code == 0)


@pytest.fixture
def clinic(server):
    """Return a way to type `clinic …` in a folder of one's own, without root's powers."""
    release = server.root / "opt/clinic/releases/1"
    (release / ".venv/bin").mkdir(parents=True)
    (release / ".venv/bin/python").symlink_to(sys.executable)
    (release / "manage.py").write_text(ECHO)
    server.current.symlink_to(release)

    def clinic(*words, folder):
        program = [sys.executable, PROJECT / "deploy/command.py", "--root", server.root, "--", *words]
        return subprocess.run([*powerless(), *program], cwd=folder, capture_output=True, text=True)

    return clinic


def test_a_command_finds_the_file_that_lies_where_it_was_typed(clinic, tmp_path):
    (tmp_path / "of monday.backup").touch()

    done = clinic("restore", "of monday.backup", "--dry-run", folder=tmp_path)

    assert done.stdout == f"{tmp_path} restore of monday.backup --dry-run\n"


def test_a_command_typed_in_a_closed_folder_runs_elsewhere(clinic, tmp_path, server):
    closed = tmp_path / "root's"
    closed.mkdir()
    closed.chmod(0o300)

    done = clinic("check_queue", folder=closed)

    assert done.stdout == f"{server.current.resolve()} check_queue\n"


def test_a_file_that_only_root_can_read_is_refused_with_the_way_to_hand_it_over(clinic, tmp_path):
    file = tmp_path / "monday.backup"
    file.touch(mode=0o000)

    done = clinic("restore", "monday.backup", folder=tmp_path)

    assert done.stderr == (
        f"Commands run as the user clinic, who can't read {file}. "
        f"Copy it (install -o clinic -m 600 {file} /var/lib/clinic/) and name the copy.\n"
    )


def test_what_root_is_told_to_type_needs_no_sudo():
    pages = {page.name: page.read_text() for page in (PROJECT / "docs").glob("*.md")}

    assert len(pages) > 5
    assert [name for name, text in pages.items() if "sudo " in text] == []
