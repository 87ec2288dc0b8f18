"""Each threat of the norms (T1–T36) has a test that carries its id in its name, here or beside the feature.

Of T32 the application holds the floors of versions only: that the lock has hashes and its libraries no
known hole is for whoever builds and audits it.
"""

import ast
import re
from pathlib import Path

TESTS = Path(__file__).parents[1]
IDS = re.compile(r"_t(\d+)(?=_|$)", re.IGNORECASE)


def names_of_tests():
    """Return the names of all tests, run or not."""
    trees = [ast.parse(file.read_text()) for file in TESTS.rglob("test_*.py")]
    functions = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    return [function.name for function in functions if function.name.startswith("test_")]


def test_every_threat_has_a_test_that_carries_its_id():
    tried = {int(number) for name in names_of_tests() for number in IDS.findall(name)}

    assert tried == set(range(1, 37))
