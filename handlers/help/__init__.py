"""Greeting, help, language and the home page."""
