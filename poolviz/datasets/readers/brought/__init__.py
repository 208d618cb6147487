"""Whatever people bring, read as it is: any file becomes a table, and a table texts with labels."""
