"""Workbooks become tables: Excel's formats, old and new, and OpenDocument."""
