"""Whether the weights of one text can be believed."""
