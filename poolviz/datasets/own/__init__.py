"""Files of somebody's own: texts with labels, and how a file becomes a data set."""
