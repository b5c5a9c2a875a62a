"""Where the house stands, for the tests that walk through it."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "caudal"

# top to bottom; rooms of one line do not know each other
FLOORS = [
    {"config"},
    {"window"},
    {"frontdesk"},
    {"intake"},
    {"reports"},
    {"accounting", "outreach"},
    {"disconnections"},
    {"dunning"},
    {"cashier", "quotes"},
    {"billing", "fees", "arrangements", "cases"},
    {"campaigns", "benefits"},
    {"metering", "tariffs"},
    {"fieldwork"},
    {"ledger", "documents", "messaging"},
    {"registry"},
    {"access"},
    {"kernel"},
    {"rules"},
]
HEIGHT = {room: len(FLOORS) - place for place, floor in enumerate(FLOORS) for room in floor}


def modules(*, with_tests: bool = False) -> Iterator[Path]:
    """Every Python file of the product; migrations are generated and do not count."""
    for path in sorted(SOURCE.rglob("*.py")):
        parts = path.relative_to(SOURCE).parts
        if "migrations" in parts or (not with_tests and "tests" in parts):
            continue
        yield path


def room_of(path: Path) -> str:
    return path.relative_to(SOURCE).parts[0]


def said(path: Path) -> str:
    return str(path.relative_to(ROOT))


def functions(path: Path) -> Iterator[ast.FunctionDef]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef):
            yield node


def length(node: ast.FunctionDef) -> int:
    """Lines of the body without its docstring: explaining is free."""
    body = node.body[1:] if ast.get_docstring(node) and len(node.body) > 1 else node.body
    return (node.end_lineno or node.lineno) - body[0].lineno + 1
