"""Which numbers are shown, and the sentences that go with them."""
