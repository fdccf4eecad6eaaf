"""`python -m portal.ops.probe URL`: exit 0 when the address answers 200. Standard library only."""

import sys
import urllib.request


def main(url: str) -> int:
    """Ask once; anything but 200 within four seconds is 1."""
    try:
        with urllib.request.urlopen(url, timeout=4) as answer:  # noqa: S310
            return 0 if answer.status == 200 else 1
    except OSError as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
