"""A person's marks, and how far a head agrees with them."""
