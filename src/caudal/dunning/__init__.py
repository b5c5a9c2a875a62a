"""The overdue portfolio: the ladder of notices, their batches, how each was served and what it recovered."""
