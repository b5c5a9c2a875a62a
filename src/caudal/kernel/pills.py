"""A state as pages show it, for the component `c-pill`."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pill:
    """A state: always an icon, words and a color. `kind` is good, watch, bad, agreement or nothing."""

    kind: str
    icon: str
    words: str
