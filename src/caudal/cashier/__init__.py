"""Payments: one receipt folio, one credit, one allocation, one journal entry, once."""
