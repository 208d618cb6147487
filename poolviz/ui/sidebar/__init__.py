"""What the sidebar offers, and what is chosen there."""
