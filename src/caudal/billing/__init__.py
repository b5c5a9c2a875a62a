"""Billing runs: from readings and a tariff book to issued bills, or a named reason for each missing one."""
