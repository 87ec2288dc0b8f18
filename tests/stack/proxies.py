"""Debian's proxies on loopback, with the configuration of deploy/ as it was installed.

Only what a machine without root and a domain can't have is put in its place: ports, certificate, logs.
"""

import http.client
import re
import shutil
import socket
import ssl
import subprocess
import time

from tests.stack.installed import DOMAIN, TWIN
from tests.stack.site import unused_port

NGINX = """\
daemon off; master_process on; {user}
pid {folder}/nginx.pid; error_log {folder}/error.log;
events {{ worker_connections 1024; }}
http {{
    include /etc/nginx/mime.types; default_type application/octet-stream; gzip on;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/f;
    uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
    include {site};
}}
"""


class Proxy:
    """A running Caddy or nginx in front of an installed site, and a visitor's way to it."""

    def __init__(self, name, installed, folder):
        folder.mkdir()
        self.name, self.folder = name, folder
        self.port, self.plain_port = unused_port(), unused_port()
        self.certificate, self.key = folder / "certificate.pem", folder / "key.pem"
        self.access_log = folder / "access.log"
        make_certificate(self.certificate, self.key)
        configure = {"caddy": self._caddy, "nginx": self._nginx}[name]
        command = configure(installed)
        with (folder / "proxy.log").open("wb") as log:
            self.process = subprocess.Popen(
                command, stdout=log, stderr=log, env={"PATH": "/usr/sbin:/usr/bin", "HOME": str(folder)}
            )

    def _caddy(self, installed):
        options = f"http_port {self.plain_port}\n\thttps_port {self.port}\n\tadmin off\n\tauto_https off\n"
        text = (installed.root / "etc/caddy/Caddyfile").read_text()
        text = text.replace("{\n\tservers", "{\n\t" + options + "\tservers", 1)
        for name in (DOMAIN, TWIN):
            text = text.replace(f"\n{name} {{\n", f"\n{name} {{\n\ttls {self.certificate} {self.key}\n", 1)
        text = text.replace(":443", f":{self.port}")
        text = text.replace("/var/log/caddy/clinic.log", str(self.access_log))
        file = self.folder / "Caddyfile"
        file.write_text(text)
        return ["caddy", "run", "--config", file, "--adapter", "caddyfile"]

    def _nginx(self, installed):
        text = (installed.root / "etc/nginx/sites-available/clinic").read_text()
        live = f"/etc/letsencrypt/live/{DOMAIN}"
        text = text.replace(f"{live}/fullchain.pem", str(self.certificate))
        text = text.replace(f"{live}/privkey.pem", str(self.key))
        text = re.sub(r"listen (\[::\]:)?443", rf"listen \g<1>{self.port}", text)
        text = re.sub(r"listen (\[::\]:)?80\b", rf"listen \g<1>{self.plain_port}", text)
        text = text.replace("/var/log/nginx/clinic.log", str(self.access_log))
        text = text.replace("/var/log/nginx/clinic-error.log", str(self.folder / "site-error.log"))
        site = self.folder / "site.conf"
        site.write_text(text)
        main = self.folder / "nginx.conf"
        # Only root may change its user, and only the tests' own user may read their folders.
        user = "user root;" if self.folder.stat().st_uid == 0 else ""
        main.write_text(NGINX.format(folder=self.folder, site=site, user=user))
        return ["nginx", "-c", main, "-p", self.folder]

    def wait(self):
        """Return once the proxy takes connections."""
        end = time.monotonic() + 10
        while time.monotonic() < end and self.process.poll() is None:
            try:
                return self.connect().close()
            except OSError:
                time.sleep(0.05)
        raise AssertionError((self.folder / "proxy.log").read_text())

    def connect(self, name=DOMAIN, timeout=15):
        """Open an encrypted connection for this name, checking the certificate."""
        context = ssl.create_default_context(cafile=self.certificate)
        context.check_hostname = name in (DOMAIN, TWIN)
        return context.wrap_socket(
            socket.create_connection(("127.0.0.1", self.port), timeout=timeout), server_hostname=name
        )

    def ask(self, path, method="GET", body=None, host=DOMAIN, **headers):
        """Send one request as it stands, and return the answer, its body in `text`."""
        connection = http.client.HTTPConnection(host)
        connection.sock = self.connect(TWIN if host == TWIN else DOMAIN)
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.putrequest(method, path, skip_accept_encoding=True)
        if body is not None:
            headers = {"Content-Length": str(len(body)), "Content-Type": FORM} | headers
        for name, value in headers.items():
            connection.putheader(name, value)
        connection.endheaders()
        try:
            if body is not None:
                connection.send(body)
        except OSError:
            # Refused before it was read; the answer is there all the same.
            pass
        answer = connection.getresponse()
        answer.text = answer.read()
        connection.close()
        return answer

    def raw(self, request, timeout=15):
        """Send bytes and return all that comes back until the other side hangs up."""
        with self.connect(timeout=timeout) as connection:
            connection.sendall(request)
            answer = b""
            try:
                while chunk := connection.recv(65536):
                    answer += chunk
            except (TimeoutError, ssl.SSLError, ConnectionError):
                pass
        return answer

    def end(self):
        self.process.terminate()
        self.process.wait(timeout=10)


FORM = "application/x-www-form-urlencoded"


def make_certificate(certificate, key):
    """Make a certificate that vouches for itself, with Debian's openssl."""
    kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
    name = ["-subj", f"/CN={DOMAIN}", "-addext", f"subjectAltName=DNS:{DOMAIN},DNS:{TWIN}"]
    files = ["-keyout", key, "-out", certificate]
    subprocess.run(["openssl", "req", "-x509", *kind, *name, *files], check=True, capture_output=True)


def is_here(name):
    return shutil.which(name, path="/usr/sbin:/usr/bin:/usr/local/bin") is not None
