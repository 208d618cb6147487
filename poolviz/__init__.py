"""poolviz: what text pooling heads look at, side by side on the same input.

Importing this package loads neither TensorFlow nor Streamlit; every part is a module of its own
(`poolviz.engine.texts`, `poolviz.training.fit`, …) and is imported where it is needed.
"""

from poolviz.version import __version__ as __version__
