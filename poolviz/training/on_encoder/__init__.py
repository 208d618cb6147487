"""Training on the token vectors of a frozen pretrained encoder."""
