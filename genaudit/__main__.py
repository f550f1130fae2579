"""``python -m genaudit``: the command line without its script."""

import sys

from genaudit.cli import main

if __name__ == "__main__":
    sys.exit(main())
