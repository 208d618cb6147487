"""Pretrained encoders: a folder on disk, and what it makes of a text, a vector for each token."""
