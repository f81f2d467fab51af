"""What a stock count found, for a terminal, a table, a workbook and programs."""
