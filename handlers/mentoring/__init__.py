"""Mentoring: a founder asks, the team decides."""
