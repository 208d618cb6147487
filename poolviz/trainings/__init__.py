"""Work in processes of their own: what is asked for, its place on disk, its queue."""
