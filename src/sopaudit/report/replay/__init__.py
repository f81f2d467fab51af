"""Past audits under a proposed edition, as text, Markdown, a page, and data."""
