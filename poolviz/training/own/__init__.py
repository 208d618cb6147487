"""What people bring of their own: heads and data sets in their files, and whole Keras models."""
