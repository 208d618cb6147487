"""How texts, rows and views are chosen."""
