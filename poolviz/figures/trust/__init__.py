"""Whether weights can be believed, drawn."""
