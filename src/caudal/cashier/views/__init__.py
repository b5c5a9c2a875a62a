"""Pages of the counter, by topic: tills, receipts, channels."""
