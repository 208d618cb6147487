"""Commands that measure poolviz against the original procedure; never part of the test run."""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # TensorFlow reads it once, when it is imported
