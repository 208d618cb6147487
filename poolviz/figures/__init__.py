"""Explanations as figures: highlight HTML, and Plotly figures for the page and for files."""
