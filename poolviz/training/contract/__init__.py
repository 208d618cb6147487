"""The rules of a pooling head one by one; `poolviz.training.head_contract` puts them together."""
