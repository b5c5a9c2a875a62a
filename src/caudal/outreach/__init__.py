"""Outreach: how each campaign was told to the town, by which channel and day, at what cost, with what result."""
