"""Bringing an old registry in, starting an empty utility, and the town to practice on.

Owns: `IntakeSet` and `IntakeRow` (what was loaded, by fingerprint), `LegacyPayment` (history, moves no money).
Verbs: `load` (and, at the edges, `start_utility` and the demonstration). Questions: `inspect`, `rehearse`,
`reconcile`. Invariants: a set goes in whole or not at all; nothing is guessed that the mapping does not say;
rows and centavos of the files are those accepted plus those set apart; a corrected export touches only what
changed.
"""
