"""Files become rows: those of the published data sets, and whatever people bring."""
