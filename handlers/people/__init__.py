"""Roles, what chats are for, and the stop switch."""
