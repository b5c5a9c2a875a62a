"""Journeys through the pages, as people walk them: with a browser, by keyboard, role by role."""
