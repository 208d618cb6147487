"""Each kind of model: how a data set is made ready for it."""
