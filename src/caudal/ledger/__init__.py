"""What each account owes and why: charges, credits, allocations, balances, and the journal.

Append-only. Invariants live in the database: every journal entry sums to zero, no row is edited."""
