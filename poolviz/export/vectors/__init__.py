"""Drawings as vector files: SVG and PDF, with text or with the outlines of its letters."""
