"""What entries share."""

GITHUB = "https://raw.githubusercontent.com"
ZERO_ONE = ("0", "1")
NOT_STATED = "Not stated."
