"""The film of a training as files."""
