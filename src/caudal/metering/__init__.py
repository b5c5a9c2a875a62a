"""Meters, installations, readings, their validation and estimation, and the m³ of each period."""
