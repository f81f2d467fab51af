"""Rows as the bytes of a file."""

import csv
import io


def table_bytes(rows: list[dict[str, str]], encoding: str = "utf-8") -> bytes:
    """Write rows as CSV."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode(encoding)
