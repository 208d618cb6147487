"""Translations: `<language>/LC_MESSAGES/poolviz.po`, compiled beside it to `poolviz.mo`."""
