"""Plug-ins as a person would write them: the examples that `docs/plugins.md` shows."""
