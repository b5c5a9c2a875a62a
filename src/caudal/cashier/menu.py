"""What the counter brings to the side menu."""

from caudal.kernel.menu import Entry

ENTRIES: list[Entry] = []
