"""Notices: something the team wants everybody to know."""
