"""Sizes, names, documents: what a reader can rely on in any room."""

import ast
import re
import warnings

import pytest
from django.apps import apps
from django.db import models
from django.db.migrations.loader import MigrationLoader

from caudal.kernel.fields import CentsField
from tests.house.places import ROOT, SOURCE, functions, length, modules, room_of, said

FILE_HARD, FUNCTION_HARD, RULE_HARD, TEMPLATE_HARD = 500, 70, 25, 200


def test_files_are_short() -> None:
    long = {
        said(p): n for p in modules(with_tests=True) if (n := len(p.read_text().splitlines())) > FILE_HARD
    }
    assert not long, f"Past {FILE_HARD} lines a file becomes a package of topics: {long}"


def test_functions_are_short() -> None:
    long = [
        f"{said(path)}:{node.lineno} {node.name} has {length(node)} lines"
        for path in modules()
        for node in functions(path)
        if length(node) > (RULE_HARD if room_of(path) == "rules" else FUNCTION_HARD)
    ]
    assert not long, "\n".join(long)


def test_templates_are_short() -> None:
    long = {
        said(p): n for p in SOURCE.rglob("*.html") if (n := len(p.read_text().splitlines())) > TEMPLATE_HARD
    }
    assert not long, long


def test_no_drawers_without_a_name() -> None:
    vague = {"utils.py", "helpers.py", "services.py", "misc.py", "common.py", "base.py"}
    assert not [said(path) for path in modules() if path.name in vague]


@pytest.mark.parametrize("file_name", ["commands.py", "queries.py"])
def test_doors_take_keywords_are_typed_and_say_what_they_do(file_name: str) -> None:
    wrong = []
    for path in modules():
        in_package = path.parent.name == file_name.removesuffix(".py")
        if path.name != file_name and not in_package:
            continue
        for node in ast.parse(path.read_text()).body:
            if not isinstance(node, ast.FunctionDef) or node.name.startswith("_"):
                continue
            if node.args.args or node.args.posonlyargs:
                wrong.append(f"{said(path)}: {node.name} takes keywords only")
            if node.returns is None or any(a.annotation is None for a in node.args.kwonlyargs):
                wrong.append(f"{said(path)}: {node.name} lacks types")
            if not ast.get_docstring(node):
                wrong.append(f"{said(path)}: {node.name} lacks a docstring")
    assert not wrong, "\n".join(wrong)


def test_money_columns_are_cents() -> None:
    for model in apps.get_models():
        for field in model._meta.get_fields():
            if isinstance(field, models.Field) and field.name.endswith("_cents"):
                assert isinstance(field, CentsField), f"{model.__name__}.{field.name} must be a CentsField"
                assert not field.null, (
                    f"{model.__name__}.{field.name}: a missing amount is a question, not a null"
                )
            assert not isinstance(field, models.FloatField | models.DecimalField), (
                f"{model.__name__}.{field.name}"
            )


def test_no_float_near_money() -> None:
    for path in modules():
        if room_of(path) in {"rules", "ledger", "cashier", "billing"}:
            for node in ast.walk(ast.parse(path.read_text())):
                is_float = isinstance(node, ast.Constant) and isinstance(node.value, float)
                calls_float = isinstance(node, ast.Call) and getattr(node.func, "id", "") == "float"
                assert not is_float and not calls_float, f"{said(path)}:{getattr(node, 'lineno', 0)}"


def test_every_model_has_its_word() -> None:
    glossary = (ROOT / "docs" / "glossary.md").read_text()
    words = set(re.findall(r"`(\w+)`", glossary))
    missing = {
        model.__name__
        for model in apps.get_models()
        if model.__module__.startswith("caudal.") and model.__name__ not in words
    }
    assert not missing, f"Add to docs/glossary.md, with the Spanish word: {sorted(missing)}"


def test_every_money_rule_has_its_page() -> None:
    for path in (SOURCE / "rules").glob("*.py"):
        text = path.read_text()
        if path.name in {"__init__.py"}:
            continue
        assert ast.get_docstring(ast.parse(text)), f"{said(path)} says what it is for"
    pages = list((ROOT / "docs" / "rules").glob("*.md"))
    assert len(pages) >= 9
    for page in pages:
        assert "|" in page.read_text(), f"{said(page)} has a table of worked examples"


def test_one_migration_head_for_each_room() -> None:
    assert not MigrationLoader(None).detect_conflicts()


def test_nothing_left_open() -> None:
    for path in modules(with_tests=True):
        if path.is_relative_to(SOURCE):
            found = re.search(r"\b(TODO|FIXME|XXX|HACK)\b|except Exception:\s*\n\s*pass", path.read_text())
            assert not found, f"{said(path)}: {found and found.group()}"


def test_soft_budget_is_kept_in_view() -> None:
    """Soft limits warn whoever reads the run; the hard ones above stop it."""
    over = [said(p) for p in modules() if len(p.read_text().splitlines()) > 300]
    if over:
        with warnings.catch_warnings():
            warnings.simplefilter("default")
            warnings.warn(f"past 300 lines: {over}", stacklevel=1)
    assert len(over) < 25, "too many files past the soft budget: find the topics"
