"""Rows that answer in the browser while somebody types, on every page that has them."""
