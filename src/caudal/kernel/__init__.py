"""The few bricks every room stands on: money and period columns, folios, audit, refusals, events, jobs."""
