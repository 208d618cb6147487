"""Text files whose cells stand between separators, whole or damaged, become tables."""
