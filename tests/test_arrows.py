"""The arrows of the architecture, drawn and held: who may import whom."""

import ast
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent
ROOF = ("clinic.settings", "clinic.urls", "clinic.wsgi", "clinic.site", "clinic.management")
MAY_IMPORT = {
    "clinic": {"clinic"},
    "staff": {"clinic", "staff"},
    "articles": {"clinic", "staff", "articles"},
    "appointments": {"clinic", "staff", "articles", "appointments"},
    "roof": {"clinic", "staff", "articles", "appointments", "roof"},
}


def floor(module):
    return "roof" if any(f"{module}.".startswith(f"{part}.") for part in ROOF) else module.partition(".")[0]


def imports(path, module):
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_text(), str(path))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            parents = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            base = ".".join([*parents, *filter(None, [node.module])])
            yield from (f"{base}.{alias.name}" for alias in node.names)


def crossings():
    """Yield every import between our modules as (module, its floor, imported, its floor)."""
    for app in ("clinic", "staff", "articles", "appointments"):
        for path in (PROJECT / app).rglob("*.py"):
            module = ".".join(path.relative_to(PROJECT).with_suffix("").parts).removesuffix(".__init__")
            for imported in imports(path, module):
                if floor(imported) in MAY_IMPORT:
                    yield module, floor(module), imported, floor(imported)


def test_imports_follow_the_arrows():
    found = list(crossings())

    assert [f"{a} → {b}" for a, start, b, end in found if end not in MAY_IMPORT[start]] == []
    assert ("appointments", "clinic") in {(start, end) for _a, start, _b, end in found}


@pytest.mark.parametrize(
    ("module", "expected"),
    [
        ("clinic.clock", "clinic"),
        ("clinic.site.views", "roof"),
        ("clinic.urls", "roof"),
        ("staff.models", "staff"),
    ],
)
def test_each_module_stands_on_its_floor(module, expected):
    assert floor(module) == expected
