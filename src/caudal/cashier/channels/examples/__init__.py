"""Layouts to start from: files of invented contracts, to be changed to those of a real one."""

from importlib import resources

from caudal.kernel.refusals import Refusal


class UnknownExample(Refusal): ...


def names() -> list[str]:
    """Names of the examples."""
    found = resources.files(__name__).iterdir()
    return sorted(each.name.removesuffix(".toml") for each in found if each.name.endswith(".toml"))


def text(*, name: str) -> str:
    """The text of an example, with its explanations.

    :raises UnknownExample: if there is none with that name
    """
    if name not in names():
        raise UnknownExample(
            f"No hay un ejemplo «{name}».", f"Los que hay: {', '.join(names())}.", field="example"
        )
    return (resources.files(__name__) / f"{name}.toml").read_text(encoding="utf-8")
