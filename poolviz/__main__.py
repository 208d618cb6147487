"""`python -m poolviz`, and the installed command."""

import sys


def run() -> None:
    """One command; its exit code ends the process."""
    try:
        from poolviz.cli import main

        sys.exit(main())
    except KeyboardInterrupt:  # before the command has begun there is nothing to tell of
        sys.exit(130)


if __name__ == "__main__":
    run()
