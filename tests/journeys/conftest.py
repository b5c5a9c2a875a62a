"""Fixtures of the journeys; the page tests of the rooms import the same."""

from tests.journeys.fixtures import (
    chromium,
    cycle,
    enter_as,
    issued_town,
    living_site,
    media,
    site,
    story_database,
    walk,
)

__all__ = [
    "chromium", "cycle", "enter_as", "issued_town", "living_site", "media", "site", "story_database", "walk",
]  # fmt: skip
