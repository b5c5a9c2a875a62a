"""The cashier's window: one dense screen, keyboard only, whose charge in hand is never lost."""
