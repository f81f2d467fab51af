"""Write the known-answer month: `python tools/month`."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from month.writing import main, month  # noqa: E402 -- the folder above must be known first

__all__ = ["main", "month"]

if __name__ == "__main__":
    main()
