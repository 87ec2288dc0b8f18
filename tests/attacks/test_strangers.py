"""T1, T2, T18, T19, T34, T36: what somebody gets who tries every address of the site."""

import re

import pytest

from tests.attacks.walking import CANARIES, OF_PATIENTS, REMARK, said_by, told
from tests.test_access import TABLE, everything_stored, may

pytestmark = pytest.mark.django_db

# The preview of an article, which the editor of the same site shows beside the text.
FRAMED = {"admin/articles/article/<int:pk>/preview/"}
# Forms that act for nobody who is signed in: they lead on, or stand for whoever holds a link.
TOKENLESS = {"appointments/", "appointments/r/<str:token>/", "articles/<slug:slug>/mistake/"}
METHODS = ("get", "post", "head", "options")
# Where the canaries belong.
HOMES = [
    "admin/appointments/appointmentrequest/<int:pk>/",
    "admin/articles/article/",
    "admin/articles/mistakereport/<path:object_id>/change/",
    "admin/clinic/auditevent/",
    "admin/clinic/document/",
    "admin/clinic/outboxmessage/",
]
PATIENTS = [*OF_PATIENTS.values(), REMARK]
LOADED = re.compile(
    r"""<(?:script|img|iframe|source|video|audio|embed|object|form|link(?![^>]*rel="canonical"))\b"""
    r"""[^>]*\b(?:src|srcset|data|action|href|poster)="(?:https?:)?//(?!testserver|localhost)[^"]*""",
    re.IGNORECASE,
)
PROBED = """
.env .env.local .git/config .git/HEAD .svn/entries .hg/hgrc .DS_Store .htaccess .well-known/none
admin.php wp-login.php wp-admin/ wp-content/debug.log xmlrpc.php phpinfo.php server-status server-info
backup.sql backup.zip db.sqlite3 var/clinic.sqlite3 var/demo-logins.txt var/encryption-key facts.json
manage.py clinic/settings.py requirements.txt pyproject.toml Procfile Makefile media/ media/pictures/
media/../var/clinic.sqlite3 media/%2e%2e/facts.json static/ static/../manage.py __debug__/ debug/ docs/
api/ api/v1/users graphql metrics
""".split()
NAMES = re.compile(r"django|granian|python|whitenoise|traceback|\b\d+\.\d+\.\d+", re.IGNORECASE)


def test_t1_a_stranger_finds_no_canary_at_any_address_by_any_method(walker):
    stranger, fields = walker.client("0"), "pk=1&id=1&reference=R-0000-000"

    found = {method: told(walker.walk(stranger, method, fields), CANARIES) for method in METHODS}

    assert found == {method: {} for method in METHODS}


def test_t1_guessed_ids_tell_a_stranger_nothing(walker):
    stranger = walker.client("0")

    answers = {address: stranger.get(address) for address in walker.guesses()}

    assert len(answers) > 100
    assert told(answers, CANARIES) == {}
    assert {
        status for status in (answer.status_code for answer in answers.values()) if status >= 500
    } == set()


def test_t1_the_canaries_are_there_for_whoever_may_see_them(walker):
    answers = walker.walk(walker.client("M"), "get", only=HOMES)

    assert set().union(*told(answers, CANARIES).values()) == set(CANARIES)


@pytest.mark.parametrize("role", "EB")
def test_t2_who_has_no_business_with_a_patient_finds_no_word_of_theirs(walker, role):
    colleague = walker.client(role)

    answers = walker.walk(colleague, "get")
    found = colleague.post("/admin/appointments/appointmentrequest/search/", {"query": "Quokkaname"})

    assert told(answers | {"search": found}, [word for word in PATIENTS if word != "Quokkaname"]) == {}
    assert told(answers, PATIENTS) == {}


@pytest.mark.parametrize("role", "0M")
def test_t18_t19_t34_every_answer_keeps_to_itself_loads_nothing_and_is_in_no_frame(walker, role):
    answers = walker.walk(walker.client(role), "get")

    policies = {route: answer.headers["Content-Security-Policy"] for route, answer in answers.items()}
    assert {
        route for route, answer in answers.items() if answer.headers["X-Frame-Options"] != "DENY"
    } <= FRAMED
    assert [
        route
        for route, policy in policies.items()
        if "http" in policy
        or not ("frame-ancestors 'none'" in policy or "sandbox" in policy or route in FRAMED)
    ] == []
    assert {route: LOADED.findall(said_by(answer)) for route, answer in answers.items()} == {
        route: [] for route in answers
    }
    private = {
        route: answer.headers.get("Cache-Control", "")
        for route, answer in answers.items()
        if answer.status_code == 200 and (answer.cookies or route.startswith(("admin/", "appointments/r")))
    }
    assert len(private) > (5 if role == "0" else 80)
    assert {route: kept for route, kept in private.items() if "no-store" not in kept} == {}


def test_t18_the_form_of_one_visitor_is_never_that_of_another(walker):
    pages = [walker.client("0").get("/appointments/request/") for _ in range(2)]

    tokens = [
        re.findall(r'name="(?:csrfmiddlewaretoken|token)" value="([^"]+)"', page.text) for page in pages
    ]
    assert len(set(tokens[0] + tokens[1])) == len(tokens[0] + tokens[1]) >= 2
    assert pages[0].cookies.output() != pages[1].cookies.output()


def test_t36_u10_what_scanners_look_for_is_not_there(client):
    answers = {path: client.get(f"/{path}", follow=True) for path in PROBED}

    assert len(answers) > 40
    assert {path: answer.status_code for path, answer in answers.items() if answer.status_code != 404} == {}
    assert {path: NAMES.findall(answer.text) for path, answer in answers.items()} == {
        path: [] for path in PROBED
    }
    assert {name for answer in answers.values() for name in answer.headers} & {
        "Server",
        "X-Powered-By",
    } == set()


def test_t8_without_a_token_nothing_is_taken_from_anybody(walker):
    people = {role: walker.client(role, enforce_csrf_checks=True) for role in "ELAM"}
    stored = everything_stored()

    for role, person in people.items():
        answers = walker.walk(
            person, "post", "post=yes&step=claim&pk=1&action=delete_selected&_selected_action=1"
        )
        taken = {route for route, answer in answers.items() if answer.status_code not in (403, 404)}
        assert (role, taken) == (role, TOKENLESS)

    assert everything_stored() == stored


@pytest.mark.parametrize("method", ["head", "put"])
def test_t8_h14_no_other_method_changes_anything(walker, method):
    manager = walker.client("M")
    stored = everything_stored()
    takes_posts = [route for route, (_get, post) in TABLE.items() if may("M", post)]

    walker.walk(manager, method, "post=yes&reason=x&query=x&note=x", only=takes_posts)

    assert everything_stored() == stored
