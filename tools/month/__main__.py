"""Write the known-answer month: `python tools/month`."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from month.writing import main, month

__all__ = ["main", "month"]

if __name__ == "__main__":
    main()
