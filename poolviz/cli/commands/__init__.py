"""One module for each command, with its `run(arguments)`."""
