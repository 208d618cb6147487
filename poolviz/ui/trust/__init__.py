"""Parts of the Trust page."""
