"""`python3 -m portal …`: everything from a fresh clone to a running portal. Standard library only.

This file is read by whatever Python the machine has, so it keeps to what Python 3.6 understands.
"""

import sys

OLDEST = (3, 11)


def main() -> None:
    """Check the Python, then hand over to the commands."""
    if sys.version_info < OLDEST:
        found = ".".join(str(part) for part in sys.version_info[:2])
        sys.exit(
            "需要 Python 3.11 或更新的版本，这里是 {0}。 (Python 3.11 or newer is needed, this is {0}.)".format(found)  # noqa: UP032
        )
    from portal.bootstrap.commands import run

    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
