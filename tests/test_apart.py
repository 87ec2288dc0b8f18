"""The child process that reads what strangers made."""

import os

import pytest

from clinic import apart


def run(program, *, seconds=5, megabytes=256):
    return apart.run("tests.apart_program", program.encode(), seconds=seconds, megabytes=megabytes)


def test_what_the_child_prints_is_the_answer():
    assert run("print(6 * 7)") == b"42\n"


def test_the_child_knows_none_of_our_secrets():
    names = run("import os; print(*os.environ)").decode().split()

    assert "SECRET_KEY" in os.environ
    # Python itself sets the last one.
    assert set(names) <= {"LC_CTYPE"}


@pytest.mark.parametrize(
    "program",
    [
        "import time; time.sleep(60)",
        "print(len(bytes(512 * 1024 * 1024)))",
        "import os; os.abort()",
        "raise SystemExit(3)",
    ],
    ids=["sleeps", "swells", "crashes", "fails"],
)
def test_a_child_that_misbehaves_gives_no_answer(program):
    with pytest.raises(apart.Broken):
        run(program, seconds=1)


def test_a_child_writes_nothing(tmp_path):
    file = tmp_path / "written"

    with pytest.raises(apart.Broken):
        run(f"with open({str(file)!r}, 'w') as file: file.write('here')")

    assert file.read_bytes() == b""
