"""Many rows at once: what the heads predict, where they disagree, which tokens they weigh."""
