"""The flags of the commands, without loading what the commands need."""
