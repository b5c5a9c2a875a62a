"""The padrón: persons, premises, service points, accounts, service agreements, benefits.

Owns who is served, where, under which class, and since when. Every change is a dated row; nothing is
overwritten. What billing needs (tariff class, route, cycle) cannot be left out: the database refuses it."""
