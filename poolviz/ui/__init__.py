"""What the pages share; the only part of poolviz that imports Streamlit."""
