"""One room a platform."""
