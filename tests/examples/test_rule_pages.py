"""The tables of ``docs/rules`` are the law as read by people; here they run."""

import importlib
import re
from pathlib import Path
from typing import NamedTuple

import pytest
from tests.examples.rule_pages import PAGES

DOCS = Path(__file__).resolve().parents[2] / "docs" / "rules"
FILES = sorted(path for path in DOCS.glob("*.md") if path.name != "README.md")
NOT_COMPARED = {"arithmetic"}


class Example(NamedTuple):
    """One row of a page: what goes in, and what the page promises."""

    page: str
    given: dict[str, str]
    promised: dict[str, str]

    def __str__(self) -> str:
        return f"{self.page}: {', '.join(self.given.values())}"


def cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def examples_of(path: Path) -> list[Example]:
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line.startswith("|")]
    if len(lines) < 3:
        return []
    header, rows = cells(lines[0]), [cells(line) for line in lines[2:]]
    examples = []
    for row in rows:
        assert len(row) == len(header), f"{path.name}: el renglón {row} no tiene {len(header)} celdas"
        pairs = [(name, cell) for name, cell in zip(header, row, strict=True) if name not in NOT_COMPARED]
        promised = {name.strip("*"): cell for name, cell in pairs if name.startswith("**")}
        given = {name: cell for name, cell in pairs if not name.startswith("**")}
        examples.append(Example(path.stem, given, promised))
    return examples


EXAMPLES = [example for path in FILES for example in examples_of(path)]


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_page_keeps_its_promise(example: Example) -> None:
    assert PAGES[example.page](example.given) == example.promised


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_page_cites_its_source_and_its_code(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert "**Source.** " in text, "say which article or practice the rule comes from"
    assert re.search(r"[Dd]ata, not law|\bL(aw|IVA)\b", text), "say whether it is law or data"
    named = re.findall(r"`(caudal\.rules\.\w+)\.(\w+)`", text)
    assert named, "name the code that does it"
    for module, name in named:
        assert hasattr(importlib.import_module(module), name), f"{module}.{name} does not exist"
    assert len(examples_of(path)) >= 3, "work it out on at least three examples"


def test_every_page_is_computed_and_listed() -> None:
    pages = {path.stem for path in FILES}
    assert pages == set(PAGES)
    listed = set(re.findall(r"\((\S+)\.md\)", (DOCS / "README.md").read_text(encoding="utf-8")))
    assert listed == pages


def test_a_wrong_figure_on_a_page_would_be_seen() -> None:
    example = next(each for each in EXAMPLES if each.page == "statement")
    wrong = example.promised | {"total": "238.88"}
    assert PAGES["statement"](example.given) != wrong
