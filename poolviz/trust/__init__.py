"""Can these weights be believed? Faithfulness, agreement and stability, measured for every head."""
