"""What would be if: corrections that bring an audit to a grade, and what open items may change."""
