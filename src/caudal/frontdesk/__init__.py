"""Staff screens that combine rooms: the account page, search, the day."""
