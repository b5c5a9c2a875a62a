"""Pages of access: coming in, one's own access, deciding what others ask, and looking after people."""
