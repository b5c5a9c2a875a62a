"""Rooms stand on floors, are entered by their doors, and point down."""

import ast
import re
import subprocess
import sys

import pytest
from django.apps import apps
from django.urls import URLPattern, URLResolver, get_resolver

from tests.house.places import HEIGHT, ROOT, SOURCE, modules, room_of, said

DOORS = {
    "commands",
    "queries",
    "models",
    "events",
    "loading",
    "pages",
    "printing",
    "applying",
    "packing",
    "verdicts",
    "cli",
    "checks",
    "urls",
    "menu",
    "apps",
}
# what a whole room is for: bricks, arithmetic, printed paper, prices, and the permissions everyone asks about
OPEN_ROOMS = {"kernel", "rules", "documents", "access"}


def test_imports_go_down_only() -> None:
    linted = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONPATH": str(ROOT / "src"), "PATH": "/usr/bin:/bin", "HOME": "/tmp"},
    )
    assert linted.returncode == 0, linted.stdout + linted.stderr


def test_every_room_has_a_floor() -> None:
    rooms = {path.name for path in SOURCE.iterdir() if (path / "__init__.py").exists()}
    assert rooms == set(HEIGHT), "Choose the floor of a new room on purpose, and say why in ARCHITECTURE.md."


def test_other_rooms_are_entered_by_their_doors() -> None:
    climbing = []
    for path in modules():
        room = room_of(path)
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.ImportFrom) or not (node.module or "").startswith("caudal."):
                continue
            parts = (node.module or "").split(".")
            inner = parts[2:] or [alias.name for alias in node.names]
            if parts[1:2] == [room] or len(parts) < 2 or parts[1] in OPEN_ROOMS or room == "config":
                continue
            climbing += [f"{said(path)} enters {parts[1]} through {i}" for i in inner[:1] if i not in DOORS]
    assert not climbing, "Enter by commands, queries, models or events:\n" + "\n".join(climbing)


def test_foreign_keys_point_down() -> None:
    for model in apps.get_models():
        for field in model._meta.get_fields():
            target = getattr(field, "related_model", None)
            if not getattr(field, "many_to_one", False) or not target:
                continue
            here, there = model._meta.app_label, target._meta.app_label
            if here in HEIGHT and there in HEIGHT and here != there:
                assert HEIGHT[here] > HEIGHT[there], f"{model.__name__}.{field.name} points up to {there}"


def test_pages_link_level_or_down() -> None:
    owner = {name: room for room, name in _routes()}
    for template in SOURCE.rglob("templates/**/*.html"):
        room = template.relative_to(SOURCE).parts[0]
        for name in re.findall(r"{%\s*url\s+'([\w:]+)'", template.read_text()):
            assert name in owner, f"{said(template)} links to {name}, which no room has"
            if room not in ("kernel", "access"):  # the shell shows sign-out and search on every page
                assert HEIGHT[owner[name]] <= HEIGHT[room], f"{said(template)} links up to {name}"


def _routes() -> list[tuple[str, str]]:
    found = []

    def walk(patterns: list[URLPattern | URLResolver]) -> None:
        for pattern in patterns:
            if isinstance(pattern, URLResolver):
                walk(pattern.url_patterns)
            elif pattern.name:
                module = getattr(pattern.callback, "__module__", "")
                module = getattr(getattr(pattern.callback, "view_class", None), "__module__", module)
                found.append(
                    (module.split(".")[1] if module.startswith("caudal.") else "access", pattern.name)
                )

    walk(get_resolver().url_patterns)
    return found


def test_every_page_declares_who_may_enter() -> None:
    for pattern in _patterns():
        assert hasattr(pattern.callback, "required_act"), (
            f"{pattern.pattern}: put @gates.requires(policy.…) on its view, or @gates.open_to_all"
        )


def _patterns() -> list[URLPattern]:
    found: list[URLPattern] = []
    waiting: list[URLPattern | URLResolver] = list(get_resolver().url_patterns)
    while waiting:
        pattern = waiting.pop()
        if isinstance(pattern, URLResolver):
            waiting.extend(pattern.url_patterns)
        else:
            found.append(pattern)
    return found


PUBLIC = {
    "sign_in",
    "sign_out",
    "second_factor",
    "enrollment",
    "first_pin",
    "arrival",
    "certificate_verification",
    "verification",
    "receipt_verification",
    "report_new",
    "report_tracking",
    "report_status",
    "report_dispute",
    "phone_shell",
    "phone_manifest",
    "phone_worker",
    "phone_enrollment",
    "phone_day",
    "phone_round",
    "phone_events",
    "phone_photo",
    "phone_revalidation",
}


def test_the_public_list_is_short() -> None:
    assert {p.name for p in _patterns() if p.callback.required_act is None} == PUBLIC


@pytest.mark.parametrize("word", ["def save(self", "def clean(self", "ordering ="])
def test_models_hide_no_hands(word: str) -> None:
    """No logic in save or clean of a model, no implicit order."""
    for path in modules():
        if path.name == "models.py":
            assert not re.search(rf"^\s+{re.escape(word)}", path.read_text(), re.M), said(path)


def test_there_are_no_signals() -> None:
    for path in modules():
        assert not re.search(r"^@receiver|\.connect\(.*sender", path.read_text(), re.M), said(path)
