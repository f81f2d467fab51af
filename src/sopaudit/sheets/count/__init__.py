"""The blind count sheet: as a workbook and on paper, and the workbook read back."""
