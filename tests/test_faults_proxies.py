"""Debian's Caddy and nginx with the configuration of deploy/, in front of a site run by its units.

What a proxy serves itself must be what the application would have sent; what it refuses must still show
the phone number; and whoever sends slowly must not keep others waiting.
"""

import http.client
import os
import re
import sqlite3
import ssl
import time
from contextlib import ExitStack, closing
from urllib.parse import urlencode

import pytest

from tests.stack.installed import DOMAIN, TWIN, Installed, mode
from tests.stack.proxies import Proxy, is_here
from tests.stack.visitor import ANSWERS, Page

pytestmark = pytest.mark.faults

PHONE = b"(555) 010-0140"
# What differs from answer to answer, or says no more than which program wrote it.
OWN = {"accept-ranges", "connection", "content-length", "date", "etag", "last-modified", "server"}
VERSION = re.compile(rb"nginx/|caddy|granian|django|python|\b\d+\.\d+\.\d+\b", re.IGNORECASE)
LONGEST_SILENCE = {"caddy": 30, "nginx": 10}

# What programs look for on every server (T36).
PROBES = """
/.git/config /.git/HEAD /.env /.env.local /.htaccess /.htpasswd /.ssh/id_rsa /.svn/entries /.DS_Store
/.aws/credentials /wp-login.php /wp-admin/ /wp-config.php /xmlrpc.php /phpinfo.php /phpmyadmin/ /cgi-bin/test
/server-status /server-info /actuator/env /backup.sql /backup.zip /clinic.sqlite3 /db.sqlite3 /dump.sql
/config.json /package.json /requirements.txt /Makefile /manage.py /clinic/settings.py /var/env /facts.json
/encryption-key /maintenance /swagger/ /__debug__/ /static/ /media/ /media/documents/ /pages/503.html
/503.html /413.html /debug /graphql
""".split()


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """Install a site with the demo clinic, and run it by its units."""
    installed = Installed(tmp_path_factory.mktemp("server") / "root")
    installed.install()
    # Once more from where it is installed: both proxies, for the port that the settings name now.
    for name in ("nginx", "caddy"):
        installed.install(f"PROXY={name}", source=installed.current)
    installed.clinic("demo")
    installed.start("clinic-web", "clinic-worker")
    installed.wait_until((installed.data / "pages/503.html").exists, "the worker has written its pages")
    yield installed
    installed.end()


@pytest.fixture(scope="module", params=["caddy", "nginx"])
def proxy(request, installed, tmp_path_factory):
    if not is_here(request.param):
        if os.environ.get("CI"):
            pytest.fail(f"Install {request.param}.")
        pytest.skip(f"There is no {request.param} on this machine.")
    proxy = Proxy(request.param, installed, tmp_path_factory.mktemp("proxy") / request.param)
    try:
        proxy.wait()
        yield proxy
    finally:
        proxy.end()


def direct(installed, path, **headers):
    """Ask the application itself, as the proxy would."""
    connection = http.client.HTTPConnection("127.0.0.1", installed.port)
    connection.request("GET", path, headers={"Host": DOMAIN, "X-Forwarded-Proto": "https"} | headers)
    answer = connection.getresponse()
    answer.text = answer.read()
    connection.close()
    return answer


def headers_of(answer):
    """Return what a browser goes by, in one spelling."""
    return {
        name.lower(): value.replace('"', "").lower() if name.lower() == "content-type" else value
        for name, value in answer.getheaders()
        if name.lower() not in OWN
    }


def ask_for_appointment(proxy, **headers):
    """Go through the journey behind the proxy, and return the answer to the last click."""
    path = "/appointments/request/"
    answer = proxy.ask(path, **headers)
    cookie = answer.headers["Set-Cookie"].partition(";")[0]
    for ending, typed in ((path, ANSWERS), (f"{path}send/", {})):
        page = Page(f"https://{DOMAIN}{path}", answer.status, answer.headers, answer.text.decode())
        body = urlencode(page.form(ending).fill(**typed).fields).encode()
        answer = proxy.ask(ending, "POST", body, Cookie=cookie, Referer=f"https://{DOMAIN}/", **headers)
    return answer


def senders(installed):
    """Return the keys by which the limits of the site know who has sent requests."""
    with closing(sqlite3.connect(installed.data / "clinic.sqlite3")) as connection:
        return {bucket for (bucket,) in connection.execute("SELECT bucket FROM clinic_hit")}


def picture(installed, kind):
    file = next((installed.data / "media").rglob(f"*.{kind}"))
    return f"/{file.relative_to(installed.data)}"


def test_pages_come_encrypted_with_cookies_bound_to_this_host(proxy):
    page = proxy.ask("/appointments/request/")

    cookies = page.headers.get_all("Set-Cookie")
    assert (page.status, page.headers["Strict-Transport-Security"]) == (200, "max-age=31536000")
    assert [cookie.split("=")[0] for cookie in cookies] == ["__Host-csrftoken"]
    assert ["Secure" in cookie for cookie in cookies] == [True]


def test_pages_with_forms_are_never_compressed_and_public_ones_are(proxy):
    form = proxy.ask("/appointments/request/", Accept_Encoding="gzip, br")
    home = proxy.ask("/", Accept_Encoding="gzip, br")

    assert (form.headers["Content-Encoding"], home.headers["Content-Encoding"]) == (None, "br")


@pytest.mark.parametrize("kind", ["webp", "jpg"])
def test_t12_a_picture_from_disk_has_the_headers_of_the_application(proxy, installed, kind):
    path = picture(installed, kind)
    expected = direct(installed, path)

    answer = proxy.ask(path)

    assert (answer.status, answer.text) == (200, expected.text)
    assert headers_of(answer) == headers_of(expected)
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("coding", ["gzip", "identity"])
def test_static_files_from_disk_have_the_headers_of_the_application(proxy, installed, coding):
    sheet = re.search(rb'/static/[^"]+\.css', proxy.ask("/").text)[0].decode()
    expected = direct(installed, sheet, **{"Accept-Encoding": coding})

    answer = proxy.ask(sheet, Accept_Encoding=coding)
    type_of = answer.headers["Content-Type"].partition(";")[0]

    assert (answer.status, type_of) == (200, "text/css")
    assert headers_of(answer) | {"content-type": ""} == headers_of(expected) | {"content-type": ""}
    assert answer.headers["Cache-Control"] == "max-age=315360000, public, immutable"


def test_t12_pictures_and_pages_are_there_while_the_application_is_down(proxy, installed):
    path = picture(installed, "webp")
    installed.unit("clinic-web").stop()

    shown = proxy.ask(path)
    page = proxy.ask("/articles/")
    sent = proxy.ask("/appointments/request/send/", "POST", b"full_name=Ana")
    installed.start("clinic-web")

    assert shown.status == 200
    for answer in (page, sent):
        assert (answer.status, answer.headers["Cache-Control"]) == (503, "no-store")
        assert answer.headers["Retry-After"] == "60"
        assert answer.text.count(PHONE) == 1
        assert b"hours" not in answer.text


@pytest.mark.parametrize(
    "path",
    [
        "/media/../clinic.sqlite3",
        "/media/%2e%2e/clinic.sqlite3",
        "/media/..%2fclinic.sqlite3",
        "/media//../../../../etc/passwd",
        "/media/pictures/../../facts.json",
        "/static/../../../../../etc/passwd",
        "/media/documents/secret.pdf",
        "/media/documents/secret.png",
        "/media/pictures/page.html",
        "/media/pictures/drawing.svg",
        "/media/pictures/a.png.part",
        "/media/pictures/.hidden.png",
    ],
)
def test_t12_nothing_but_pictures_is_served_from_disk(proxy, installed, path):
    for name in (
        "documents/secret.pdf",
        "pictures/page.html",
        "pictures/drawing.svg",
        "pictures/a.png.part",
    ):
        (installed.data / "media" / name).parent.mkdir(exist_ok=True)
        (installed.data / "media" / name).write_text("not to be seen")

    answer = proxy.ask(path)

    assert answer.status in (400, 404)
    assert answer.text.count(b"not to be seen") == 0


def test_t27_a_form_over_64_kb_is_refused_with_the_phone_number(proxy):
    refused = proxy.ask("/appointments/request/", "POST", b"notes=" + b"x" * 65 * 1024)
    taken = proxy.ask("/appointments/request/", "POST", b"notes=" + b"x" * 60 * 1024)

    assert (refused.status, refused.text.count(PHONE)) == (413, 1)
    # It has come through, and lacks the form's token.
    assert taken.status == 403


def test_t27_an_upload_over_12_mb_is_refused_with_the_phone_number(proxy):
    refused = proxy.ask("/admin/login/", "POST", b"x" * 13 * 1024 * 1024)

    assert (refused.status, refused.text.count(PHONE)) == (413, 1)


def test_t27_a_body_of_unknown_length_over_64_kb_is_refused(proxy):
    head = f"POST /appointments/request/ HTTP/1.1\r\nHost: {DOMAIN}\r\nTransfer-Encoding: chunked\r\n\r\n"
    chunk = b"fff0\r\n" + b"x" * 0xFFF0 + b"\r\n"

    answer = proxy.raw(head.encode() + chunk * 4 + b"0\r\n\r\n", timeout=3)

    # Caddy cuts the body off and leaves the rest to the application.
    assert answer.split()[1] in ([b"413"] if proxy.name == "nginx" else [b"415", b"503"])


def test_t27_headers_of_20_kb_are_refused(proxy):
    assert proxy.ask("/", X_Flood="x" * 20_000).status in (400, 431)


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "TRACK", "PROPFIND", "PUT", "DELETE"])
def test_h14_other_methods_are_refused(proxy, method):
    assert proxy.ask("/", method).status == 405


def test_the_name_without_www_leads_to_the_site(proxy):
    answer = proxy.ask("/articles/?page=2", host=TWIN)

    assert (answer.status, answer.headers["Location"]) == (301, f"https://{DOMAIN}/articles/?page=2")


def test_h1_another_name_gets_no_answer(proxy):
    with pytest.raises(http.client.RemoteDisconnected):
        proxy.ask("/", host="evil.example")
    with pytest.raises(ssl.SSLError):
        proxy.connect("evil.example")


@pytest.mark.parametrize(
    "lines",
    [
        "",
        "Host:\r\n",
        f"Host: evil.example\r\nHost: {DOMAIN}\r\n",
        f"Host: {DOMAIN}/evil\r\n",
    ],
    ids=["none", "empty", "two", "path"],
)
def test_h1_odd_hosts_are_refused(proxy, lines):
    answer = proxy.raw(f"GET / HTTP/1.1\r\n{lines}Connection: close\r\n\r\n".encode(), timeout=3)

    assert answer[:12] in (b"", b"HTTP/1.1 400")


def test_t7_h2_what_strangers_claim_to_forward_is_dropped(proxy, installed):
    claims = {
        "X_Forwarded_Host": "evil.example",
        "X_Forwarded_Proto": "http",
        "Forwarded": "host=evil.example",
    }
    ask_for_appointment(proxy)
    without_claims = senders(installed)

    answers = [ask_for_appointment(proxy, X_Forwarded_For=f"203.0.113.{n}", **claims) for n in range(3)]
    page = proxy.ask("/", **claims)

    assert [answer.status for answer in answers] == [303, 303, 303]
    assert len(without_claims) > 0
    assert senders(installed) == without_claims
    assert (page.status, page.text.count(b"evil.example")) == (200, 0)


def test_h7_a_request_with_two_lengths_is_one_request(proxy):
    smuggled = f"GET /livez HTTP/1.1\r\nHost: {DOMAIN}\r\nConnection: close\r\n\r\n"
    head = f"POST /search/ HTTP/1.1\r\nHost: {DOMAIN}\r\nTransfer-Encoding: chunked\r\n"
    body = "0\r\n\r\n"

    answer = proxy.raw(
        f"{head}Content-Length: {len(body + smuggled)}\r\n\r\n{body}{smuggled}".encode(), timeout=3
    )

    # nginx refuses. Caddy drops the length, as RFC 9112 has it, so that what follows is a request of its own.
    statuses = re.findall(rb"HTTP/1\.1 (\d+)", answer)
    assert statuses == ([b"400"] if proxy.name == "nginx" else [statuses[0], b"200"])


def test_t36_what_programs_look_for_is_not_there_and_no_version_is_told(proxy):
    answers = {path: proxy.ask(path) for path in PROBES}

    assert len(answers) >= 40
    assert {path: answer.status for path, answer in answers.items() if answer.status not in (404, 301)} == {}
    told = {path: VERSION.search(str(answer.headers).encode()) for path, answer in answers.items()}
    assert [path for path, found in told.items() if found] == []


def test_the_access_log_holds_neither_queries_nor_secrets_nor_whole_addresses(proxy):
    proxy.ask("/search/?q=incontinence")
    proxy.ask("/appointments/r/c2VjcmV0/")
    proxy.ask("/articles/")

    log = proxy.access_log.read_text()

    assert [word for word in ("incontinence", "c2VjcmV0", "127.0.0.1", "203.0.113") if word in log] == []
    assert log.count("/articles/") >= 1
    assert log.count("127.0.0.0") >= 3


def test_no_log_of_errors_holds_a_secret_either(proxy):
    proxy.ask("/appointments/r/c2VjcmV0/", "POST", b"x" * 13 * 1024 * 1024)

    logs = "".join(file.read_text() for file in proxy.folder.glob("*.log"))

    assert "c2VjcmV0" not in logs


def test_what_is_stored_is_open_to_the_proxy_only_as_far_as_it_must_be(installed):
    data = installed.data
    public = [
        data / "media/pictures",
        *(data / "media/pictures").glob("*-400.webp"),
        *(data / "pages").iterdir(),
    ]

    assert {mode(path) for path in public} == {"750", "640"}
    assert {mode(file) for file in data.iterdir() if file.is_file()} == {"600"}
    assert mode(installed.root / "etc/clinic/env") == "600"
    # Made by root, and read by the site and the proxy, who are neither root nor of its group.
    static = installed.current / "var/static"
    folders = (installed.current, static.parent, static, static / "clinic")
    assert {mode(folder) for folder in folders} == {"755"}
    assert mode(static / "staticfiles.json") == "644"


def test_h16_slow_senders_are_dropped_and_nobody_waits_for_them(proxy):
    head = f"POST /appointments/request/ HTTP/1.1\r\nHost: {DOMAIN}\r\n"
    length = "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 5000\r\n\r\na=b"
    with ExitStack() as open_ones:
        slow = [open_ones.enter_context(proxy.connect()) for _ in range(200)]
        for number, connection in enumerate(slow):
            connection.sendall((head + (length if number % 2 else "")).encode())
        began = time.monotonic()
        waits = []
        for _ in range(5):
            asked = time.monotonic()
            assert proxy.ask("/appointments/").status == 200
            waits.append(time.monotonic() - asked)
        for connection in slow[:4]:
            hang_up(connection, began + LONGEST_SILENCE[proxy.name] + 5)
        seconds = time.monotonic() - began

    assert max(waits) < 2
    assert seconds < LONGEST_SILENCE[proxy.name] + 5


def hang_up(connection, until):
    """Wait until the other side ends a connection on which nothing more is sent."""
    connection.settimeout(max(0.1, until - time.monotonic()))
    try:
        while connection.recv(4096):
            pass
    except ConnectionError:
        pass
    except TimeoutError:
        pytest.fail("The connection is open still.")
