"""The checklist as a workbook: written for Excel, read back from whatever program saved it."""
