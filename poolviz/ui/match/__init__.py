"""Parts of the Match page."""
