"""Matchers: the model, its read-outs, and how it is fitted."""
