"""Which codes the product hands to a function, such as the action of audit.record: read from its source."""

import ast
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from itertools import product
from operator import attrgetter

from tests.interface_words import APPS, ROOT


@dataclass(frozen=True)
class Call:
    """A call, and the function and module in which it stands."""

    node: ast.Call
    function: ast.FunctionDef
    module: str


def handed_to(called, known=()):
    """Return every code that can be the first argument of `called`, such as "audit.record".

    A parameter is followed to the callers of its function. Where that leads nowhere, `known` has what an
    expression may be, by module and expression. One that it lacks is an error; one that it need not have too.
    """
    reading = _Reading(dict(known))
    codes = {code for call in _calls(called) for code in reading.values(call.node.args[0], call)}
    assert reading.needed == reading.known.keys()
    return codes


@cache
def _all_calls():
    paths = [path for app in APPS for path in (ROOT / app).rglob("*.py") if path.parent.name != "migrations"]
    return [
        Call(node, function, ".".join(path.relative_to(ROOT).with_suffix("").parts))
        for path in paths
        for function in ast.walk(ast.parse(path.read_text()))
        if isinstance(function, ast.FunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Call)
    ]


def _calls(called, module=""):
    return [
        call for call in _all_calls() if ast.unparse(call.node.func) == called and module in ("", call.module)
    ]


class _Reading:
    def __init__(self, known):
        self.known = known
        self.needed = set()

    def values(self, node, call):
        """Return what an expression may be when the code runs."""
        key = (call.module, ast.unparse(node))
        if key in self.known:
            self.needed.add(key)
            return set(self.known[key])
        match node:
            case ast.Constant(value=code):
                return {code}
            case ast.IfExp(body=one, orelse=other):
                return self.values(one, call) | self.values(other, call)
            case ast.JoinedStr(values=parts):
                return {"".join(codes) for codes in product(*(self.values(part, call) for part in parts))}
            case ast.FormattedValue(value=part):
                return self.values(part, call)
            case ast.Name(id=name) if name in _parameters(call.function):
                return self.from_callers(name, call)
        return {str(attrgetter(ast.unparse(node))(import_module(call.module)))}

    def from_callers(self, name, call):
        """Return what a parameter of the function around a call may be."""
        function, parameters = call.function.name, _parameters(call.function)
        if parameters[0] == "self":
            callers, parameters = _calls(f"self.{function}"), parameters[1:]
        else:
            callers = _calls(f"{call.module.rpartition('.')[2]}.{function}") + _calls(function, call.module)
        position = parameters.index(name)
        return {code for caller in callers for code in self.values(caller.node.args[position], caller)}


def _parameters(function):
    return [parameter.arg for parameter in function.args.args]
