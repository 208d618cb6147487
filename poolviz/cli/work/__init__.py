"""What is done with models that are there, when its turn in the queue has come."""
