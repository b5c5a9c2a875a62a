"""Cuts and flow restrictions that are never wrong, and reconnections that come at once."""
