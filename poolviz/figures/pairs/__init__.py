"""Two sentences and their pairs of tokens."""
