"""A trained model on disk: its card, its files, which ones are meant, what lies beside it."""
