"""Write the known-answer month: `python tools/month`."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from month.writing import main  # noqa: E402 -- the folder above must be known first

main()
