"""The model asked again about a text without some of its tokens, or with other weights."""
