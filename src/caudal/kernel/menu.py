"""The side menu: each room says which entries it brings and the act each one needs."""

from dataclasses import dataclass

from django.urls import reverse


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the menu. `act` is what a clerk must be allowed to do to see it.

    Whoever may do `first_for` starts the day there, wherever it stands in the menu.
    """

    label: str
    icon: str
    route: str
    act: str
    group: str = ""
    order: int = 100
    first_for: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    label: str
    icon: str
    href: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class Group:
    name: str
    entries: list[Shown]


_entries: list[Entry] = []


def add(*entries: Entry) -> None:
    """Bring entries into the menu. Called once for each room, from `config/wiring.py`."""
    _entries.extend(entry for entry in entries if entry not in _entries)


def for_acts(*, acts: frozenset[str], path: str) -> list[Group]:
    """The menu of someone who may do `acts`; the entry whose page `path` is under is current.

    Groups stand in the order of the first entry of each, and what has no group comes first.
    """
    groups: dict[str, list[Shown]] = {}
    first = {name: min(each.order for each in _entries if each.group == name) for name in _names()}
    for entry in sorted(_entries, key=lambda entry: (bool(entry.group), first[entry.group], entry.order)):
        if entry.act not in acts:
            continue
        href = reverse(entry.route)
        is_current = path == href or (href != "/" and path.startswith(href))
        groups.setdefault(entry.group, []).append(Shown(entry.label, entry.icon, href, is_current))
    return [Group(name, entries) for name, entries in groups.items()]


def _names() -> set[str]:
    return {entry.group for entry in _entries}


def home_for(*, acts: frozenset[str]) -> str:
    """Where someone who may do `acts` starts: the page that is first for them, or the first of their menu."""
    first = next((each for each in _entries if each.first_for in acts and each.act in acts), None)
    if first:
        return reverse(first.route)
    groups = for_acts(acts=acts, path="")
    return groups[0].entries[0].href if groups else "/"


@dataclass(frozen=True, slots=True)
class Action:
    """Something to do with one account, brought by a room above its page. `route` takes the account number.

    What is seldom done waits under «Más»: the head of an account has room for what a queue asks for.
    """

    label: str
    icon: str
    route: str
    act: str
    order: int = 100
    is_seldom: bool = False


_actions: list[Action] = []


def add_actions(*actions: Action) -> None:
    """Bring actions to the account page. Called once for each room, from `config/wiring.py`."""
    _actions.extend(action for action in actions if action not in _actions)


def actions_on(*, number: str, acts: frozenset[str], is_seldom: bool = False) -> list[Shown]:
    """What someone who may do `acts` can do with an account, in order: the usual, or what waits under «Más»."""
    found = (each for each in _actions if each.act in acts and each.is_seldom == is_seldom)
    mine = sorted(found, key=lambda each: each.order)
    return [Shown(each.label, each.icon, reverse(each.route, args=[number]), False) for each in mine]
