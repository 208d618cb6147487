"""A string becomes tokens and ids."""
