"""One text under several heads."""
