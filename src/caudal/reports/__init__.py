"""Listings and indicators over every room. Owns no money and writes nothing."""
