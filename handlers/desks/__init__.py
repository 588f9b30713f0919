"""Desks: one for a day, never for two people."""
