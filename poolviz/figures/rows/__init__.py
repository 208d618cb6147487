"""What many rows show."""
