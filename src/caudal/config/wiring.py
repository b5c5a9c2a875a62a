"""Every upward wire on one page: who listens to which news, in the order written here.

Words travel down (calls), news travels up (events). A listener runs synchronously inside the
transaction that announces; what leaves the database waits for commit.
"""

from importlib import import_module
from importlib.util import find_spec

from caudal.kernel import menu

MENUS = ["frontdesk", "registry", "metering", "billing", "tariffs"]


def connect() -> None:
    """Connect the listeners. Called once, when Django is ready."""
    for room in MENUS:
        if find_spec(f"caudal.{room}.menu"):
            menu.add(*import_module(f"caudal.{room}.menu").ENTRIES)
