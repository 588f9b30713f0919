"""Questions and answers about the hub."""
