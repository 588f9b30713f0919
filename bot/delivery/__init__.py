"""Sends the outbox and keeps posts true."""
