"""Rows of tokens that can be pointed at, stepped through, chosen and edited."""
