"""What can be kept of texts, by the names that people ask for; docs/bulk.md says what each is."""

PREDICTIONS, TOKENS, WEIGHTS = "predictions", "tokens", "weights"
CONTRIBUTIONS, TOP, POOLED = "contributions", "top", "pooled"
OUTPUTS = (PREDICTIONS, TOKENS, WEIGHTS, CONTRIBUTIONS, TOP, POOLED)
