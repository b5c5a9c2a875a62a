"""Questions about the street. Nothing is written."""
