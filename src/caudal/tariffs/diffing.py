"""Two books side by side: every parameter that changed, from what to what, and by how much."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from caudal.rules.money import divide_half_away
from caudal.tariffs.format.amounts import thousandths_text
from caudal.tariffs.format.schema import BOOK, Kind, Parameter, Section
from caudal.tariffs.format.writing import value_text

_IDENTITY: Final = ("code", "name", "effective_from", "effective_to")
_NUMBERS: Final = (Kind.PRICE, Kind.CENTS, Kind.PERCENT, Kind.VOLUME, Kind.WHOLE)


@dataclass(frozen=True, slots=True)
class Difference:
    """One parameter: where it stands, how it was, how it is, and its change in hundredths of a percent."""

    place: str
    label: str
    old: str
    new: str
    change_bp: int | None  # None where a ratio says nothing

    def as_dict(self) -> dict[str, object]:
        """The difference for `--json`."""
        return {
            "place": self.place, "label": self.label, "old": self.old, "new": self.new, "change_bp": self.change_bp,
        }  # fmt: skip


def differences(first: Mapping[str, Any], second: Mapping[str, Any]) -> list[Difference]:
    """Compare two documents. Code, name and dates differ by nature and are left out."""
    return [each for each in _section(first, second, BOOK, "") if each.place not in _IDENTITY]


def _section(
    first: Mapping[str, Any], second: Mapping[str, Any], section: Section, place: str
) -> Iterator[Difference]:
    for parameter in section.parameters:
        old, new = _value(first, parameter), _value(second, parameter)
        if old != new:
            yield _difference(old, new, parameter, _join(place, parameter.name))
    for inner in section.sections:
        where = _join(place, inner.name)
        if inner.many:
            yield from _rows(first.get(inner.name, []), second.get(inner.name, []), inner, where)
        else:
            yield from _section(first.get(inner.name, {}), second.get(inner.name, {}), inner, where)


def _rows(first: list[Any], second: list[Any], section: Section, place: str) -> Iterator[Difference]:
    """Rows meet by their key, or by their position where they have none (tiers)."""
    old_rows, new_rows = _named(first, section), _named(second, section)
    for name in dict.fromkeys([*old_rows, *new_rows]):
        where = f"{place}[{name}]"
        if name not in new_rows:
            yield Difference(where, section.label, "presente", "—", None)
        elif name not in old_rows:
            yield Difference(where, section.label, "—", "nuevo", None)
        else:
            yield from _section(old_rows[name], new_rows[name], section, where)


def _named(rows: list[Any], section: Section) -> dict[str, Any]:
    if not section.key:
        return {_tier_name(row, number): row for number, row in enumerate(rows, start=1)}
    names: dict[str, Any] = {}
    for row in rows:
        words = [row.get(part) for part in section.key]
        name = " ".join(
            ",".join(map(str, word)) if isinstance(word, list) else str(word) for word in words if word
        )
        names[name if name not in names else f"{name} ({len(names)})"] = row
    return names


def _tier_name(row: Mapping[str, Any], number: int) -> str:
    if "up_to" in row:
        return f"hasta {thousandths_text(row['up_to'])}"
    if "up_to_m2" in row:
        return f"hasta {row['up_to_m2']} m²"
    return "en adelante"


def _value(document: Mapping[str, Any], parameter: Parameter) -> Any:
    default = parameter.default
    return document.get(parameter.name, list(default) if isinstance(default, tuple) else default)


def _difference(old: Any, new: Any, parameter: Parameter, place: str) -> Difference:
    change = None
    if parameter.kind in _NUMBERS and isinstance(old, int) and isinstance(new, int) and old:
        change = divide_half_away((new - old) * 10_000, old)
    return Difference(place, parameter.label, value_text(old, parameter), value_text(new, parameter), change)


def _join(place: str, name: str) -> str:
    return f"{place}.{name}" if place else name
