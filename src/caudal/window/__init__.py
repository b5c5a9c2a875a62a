"""The cashier's window: one dense screen, keyboard only, whose charge in hand is never lost.

Owns the draft of a charge (`WindowDraft`) and nothing else: money moves by the verbs of the cashier.
"""
