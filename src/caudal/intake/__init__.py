"""Bringing an old registry in: inspect, map, rehearse, load, reconcile."""
