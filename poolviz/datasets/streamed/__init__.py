"""Rows that do not fit into memory: read as often as they are needed, and kept on disk in ids."""
