"""Rows of several rooms, read as sets: days, revenue, registers, the light."""
