"""Settings, addresses, the command line, and every upward wire on one page."""
