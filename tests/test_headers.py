import pytest

EXPECTED = {
    "Content-Security-Policy": (
        "base-uri 'none'; connect-src 'self'; default-src 'none'; font-src 'self'; form-action 'self'; "
        "frame-ancestors 'none'; img-src 'self'; manifest-src 'self'; object-src 'none'; "
        "script-src 'self'; style-src 'self'"
    ),
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/admin/login/", "/admin/", "/no-such-page/"])
def test_t34_every_answer_carries_the_security_headers(client, path):
    response = client.get(path)

    sent = {name: response.headers.get(name) for name in EXPECTED}
    sent["Content-Security-Policy"] = "; ".join(sorted(sent["Content-Security-Policy"].split("; ")))
    assert sent == EXPECTED
    assert response.headers["Permissions-Policy"].startswith("accelerometer=(), camera=()")
