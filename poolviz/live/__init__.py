"""The browser's engine and view, what makes their model file, and a page that needs no server."""
