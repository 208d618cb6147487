"""Somebody's own file of sentence pairs, or of triplets: columns, labels, splits, a data set."""
