"""Companies: who belongs to which, asked once and lightly, so that reports count each enterprise once."""
