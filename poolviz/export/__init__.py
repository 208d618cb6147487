"""Figures and numbers become files."""
