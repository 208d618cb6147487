"""The same over many rows: surveys, their results, verdicts."""
