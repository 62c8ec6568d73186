"""The parameters that the code gives each .sql file, read from the code itself.

A call names its query by the path below `api/` or by a constant that reads the file. Its
parameters are a dictionary whose keys stand in the code: at the call, in a variable before it, or
where a function of the same module is called.
"""

import ast
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from pathlib import Path

from infra.settings import CHECKOUT
from tests.api.queries_in_code import AS_KNOWN, ASKING, QUERY, called, parse, text_in

PLACEHOLDER = re.compile(r"\{(\w+): ?[A-Z][^}]*\}")
ROOMS = ("api", "streams", "infra")
SEAM = "api/backends/"
"""The read side passes on what others ask; here only what it names itself is read."""
KNOWN_AT = "known_at"
"""The parameter that `as_known` adds for the twin of a query."""
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True)
class Given:
    """The names of the parameters that one call gives a query."""

    query: str
    names: frozenset[str]
    place: str


class Unreadable(Exception):
    """The code does not say, where a test can read it, what a query is given."""


class PassedOn(Exception):
    """A function passes on what its callers give it."""


@dataclass(frozen=True)
class Module:
    path: str
    tree: ast.Module

    @cached_property
    def functions(self) -> list[Function]:
        nodes = ast.walk(self.tree)
        return [node for node in nodes if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


@dataclass(frozen=True, slots=True)
class Frame:
    """A place in the code: a line of a function, and the call that led into it where it matters."""

    module: Module
    function: Function | None
    line: int
    call: ast.Call | None = None
    caller: "Frame | None" = None


@dataclass(frozen=True, slots=True)
class Assigned:
    """An expression, the place where it stands, and whether it gives several names a value."""

    value: ast.expr
    frame: Frame
    several: bool = False


@cache
def code() -> Sequence[Module]:
    """Returns the modules of the doors, the stages and the tools."""
    paths = [path for room in ROOMS for path in sorted((CHECKOUT / room).rglob("*.py"))]
    return [Module(path.relative_to(CHECKOUT).as_posix(), parse(path)) for path in paths]


def placeholders() -> dict[str, frozenset[str]]:
    """Returns the parameters that each .sql file of the code has, by its path."""
    of_file = {}
    for room in ROOMS:
        for path in sorted((CHECKOUT / room).rglob("*.sql")):
            lines = path.read_text(encoding="utf-8").splitlines()
            text = "\n".join(line for line in lines if not line.lstrip().startswith("--"))
            of_file[path.relative_to(CHECKOUT).as_posix()] = frozenset(PLACEHOLDER.findall(text))
    return of_file


def given_by(modules: Iterable[Module]) -> list[Given]:
    """Returns what every call gives its query. Raises `Unreadable` with the place."""
    given: list[Given] = []
    for module in modules:
        for function in module.functions:
            for call, query, parameters in _calls_to_clickhouse(function):
                if module.path.startswith(SEAM) and not text_in(query):
                    continue
                frame = Frame(module, function, call.lineno)
                given += _given(query, parameters, frame, f"{module.path}:{call.lineno}")
    return given


def _calls_to_clickhouse(function: Function) -> Iterator[tuple[ast.Call, ast.expr, ast.expr]]:
    """Yields each call with its query and its parameters."""
    for node in ast.walk(function):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        bound = [keyword.value for keyword in node.keywords if keyword.arg == "parameters"]
        if called(node) in ASKING and len(node.args) > 1:
            yield node, node.args[0], node.args[1]
        elif called(node) in {"query", "command", "raw_stream"} and bound:
            yield node, node.args[0], bound[0]


def _given(query: ast.expr, parameters: ast.expr, frame: Frame, place: str) -> list[Given]:
    try:
        return [
            Given(name, frozenset(_keys(parameters, frame, name)), place)
            for name in _queries(query, frame)
        ]
    except PassedOn:
        callers = list(_callers(frame))
        if not callers:
            raise Unreadable(f"{place}: {ast.unparse(query)} is given by no caller") from None
    except Unreadable as error:
        raise Unreadable(f"{place}: {error}") from None
    given: list[Given] = []
    for caller in callers:
        assert caller.caller is not None
        caller_place = f"{frame.module.path}:{caller.caller.line}"
        given += _given(query, parameters, caller, caller_place)
    return given


def _callers(frame: Frame) -> Iterator[Frame]:
    """Yields the frame once for each call, in its module, that leads into its function."""
    assert frame.function is not None
    for function in frame.module.functions:
        for node in ast.walk(function):
            if isinstance(node, ast.Call) and called(node) == frame.function.name:
                caller = Frame(frame.module, function, node.lineno)
                yield replace(frame, call=node, caller=caller)


def _queries(expression: ast.expr, frame: Frame) -> list[str]:
    """Returns the .sql files that an expression may name; none where it holds the text itself."""
    text = text_in(expression)
    if QUERY.fullmatch(text):
        return [f"api/{text}.sql"]
    for node in ast.walk(expression):
        if text_in(node).endswith(".sql"):
            return [(Path(frame.module.path).parent / text_in(node)).as_posix()]
    names = [node.id for node in ast.walk(expression) if isinstance(node, ast.Name)]
    if not names:
        return []
    assigned = _assigned(names[0], frame)
    if not assigned.several:
        return _queries(assigned.value, assigned.frame)
    (query,) = _queries(_as_known(assigned).args[0], assigned.frame)
    return [query, f"{query.removesuffix('.sql')}_{AS_KNOWN}.sql"]


def _keys(expression: ast.expr, frame: Frame, query: str) -> set[str]:
    """Returns the keys of the dictionary that an expression gives."""
    match expression:
        case ast.Dict():
            return _keys_of_literal(expression, frame, query)
        case ast.Name() if _is_rest(expression.id, frame):
            return _keywords_of(frame)
        case ast.Name():
            return _keys_of_variable(expression.id, frame, query)
        case ast.Call():
            return _keys_returned(expression, frame, query)
    raise Unreadable(f"cannot read the parameters in {ast.unparse(expression)}")


def _keys_of_literal(literal: ast.Dict, frame: Frame, query: str) -> set[str]:
    keys = set[str]()
    for key, value in zip(literal.keys, literal.values, strict=True):
        if key is None:
            keys |= _keys(value, frame, query)
        elif text_in(key):
            keys.add(text_in(key))
        else:
            raise Unreadable(f"cannot read the name of the parameter {ast.unparse(key)}")
    return keys


def _keys_of_variable(name: str, frame: Frame, query: str) -> set[str]:
    assigned = _assigned(name, frame)
    if not assigned.several:
        return _keys(assigned.value, assigned.frame, query)
    keys = _keys(_as_known(assigned).args[1], assigned.frame, query)
    return keys | {KNOWN_AT} if query.endswith(f"_{AS_KNOWN}.sql") else keys


def _keys_returned(call: ast.Call, frame: Frame, query: str) -> set[str]:
    """Returns the keys of the dictionary that a function of the code returns."""
    for module in (frame.module, *code()):
        for function in module.functions:
            if function.name == called(call):
                inside = Frame(module, function, function.end_lineno or 0, call, frame)
                return _keys_of_returns(function, inside, query)
    raise Unreadable(f"cannot read the parameters in {ast.unparse(call)}")


def _keys_of_returns(function: Function, inside: Frame, query: str) -> set[str]:
    returned = [node.value for node in ast.walk(function) if isinstance(node, ast.Return)]
    if len(returned) != 1 or returned[0] is None:
        raise Unreadable(f"{function.name} does not return one dictionary")
    return _keys(returned[0], inside, query)


def _assigned(name: str, frame: Frame) -> Assigned:
    """Returns what a name stands for: the last value before the line, an argument, a constant.

    Raises `PassedOn` for an argument while it is not known who calls.
    """
    if frame.function is not None:
        values = [
            assigned for assigned in _assignments(name, frame.function) if assigned[0] < frame.line
        ]
        if values:
            line, value, several = max(values, key=lambda assigned: assigned[0])
            return Assigned(value, replace(frame, line=line), several)
        if name in _parameters(frame.function):
            return _argument(name, frame)
    for _, value, several in _assignments(name, frame.module.tree):
        return Assigned(value, Frame(frame.module, None, 0), several)
    raise Unreadable(f"cannot read what {name} is")


def _assignments(name: str, tree: ast.AST) -> Iterator[tuple[int, ast.expr, bool]]:
    """Yields line and value of each assignment to a name, and whether to others at once."""
    for node in ast.walk(tree):
        targets: list[ast.expr] = []
        if isinstance(node, ast.Assign):
            targets = node.targets
        elif isinstance(node, ast.AnnAssign):
            targets = [node.target]
        for target in targets:
            several = isinstance(target, ast.Tuple)
            names = target.elts if isinstance(target, ast.Tuple) else [target]
            if any(ast.unparse(element) == name for element in names):
                value = node.value  # type: ignore[attr-defined] # an assignment has one
                if value is not None:
                    yield node.lineno, value, several  # type: ignore[attr-defined] # as above


def _argument(name: str, frame: Frame) -> Assigned:
    if frame.call is None or frame.caller is None:
        raise PassedOn(name)
    for keyword in frame.call.keywords:
        if keyword.arg == name:
            return Assigned(keyword.value, frame.caller)
    assert frame.function is not None
    positional = [argument.arg for argument in frame.function.args.args]
    is_method = positional[:1] == ["self"]
    position = positional.index(name) - is_method
    if position >= len(frame.call.args):
        raise Unreadable(f"cannot read what {name} is by default")
    return Assigned(frame.call.args[position], frame.caller)


def _parameters(function: Function) -> list[str]:
    arguments = function.args
    return [argument.arg for argument in (*arguments.args, *arguments.kwonlyargs)]


def _is_rest(name: str, frame: Frame) -> bool:
    """Says whether the name holds the keyword arguments that a function does not name."""
    rest = frame.function.args.kwarg if frame.function else None
    return rest is not None and rest.arg == name


def _keywords_of(frame: Frame) -> set[str]:
    if frame.call is None or frame.function is None:
        raise PassedOn("keywords")
    named = _parameters(frame.function)
    return {
        keyword.arg
        for keyword in frame.call.keywords
        if keyword.arg is not None and keyword.arg not in named
    }


def _as_known(assigned: Assigned) -> ast.Call:
    if not isinstance(assigned.value, ast.Call) or called(assigned.value) != AS_KNOWN:
        raise Unreadable(f"cannot read {ast.unparse(assigned.value)}")
    return assigned.value
