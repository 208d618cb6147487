"""What travels between the parts: frozen, NumPy, JSON."""
