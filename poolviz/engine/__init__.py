"""Text or pair to explanation, one or many."""
