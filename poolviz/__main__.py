"""`python -m poolviz`."""

import sys

from poolviz.cli import main

sys.exit(main())
