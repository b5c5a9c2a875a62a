"""Accounting: the day and the month closed to the centavo, what was reconciled, the registers an auditor asks for."""
