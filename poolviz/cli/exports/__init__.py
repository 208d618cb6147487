"""What `export` writes: the contents of a view, as the files that were asked for."""
