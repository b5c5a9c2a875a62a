"""Tariff books by date and article: load, validate, publish, compare, and the prices in force."""
