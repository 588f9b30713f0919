"""The vocabulary, the router and what every handler is given."""
