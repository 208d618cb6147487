"""Files of any size as blocks of rows: which are meant, and how they are read part by part."""
