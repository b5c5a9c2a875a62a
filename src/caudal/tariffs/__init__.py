"""Tariff books by date and article: load, validate, publish, compare, and the prices in force.

Owns: `TariffBook` (the whole law of a stretch of days as one validated document).
Verbs: `load_book`, `publish_book`, `discard_draft`.
Invariants: one published book in force each day; a published book never changes; a book is refused whole,
with every finding, or loaded whole. Prices reach the bill only as the frozen tables of `rate_book`.
"""
