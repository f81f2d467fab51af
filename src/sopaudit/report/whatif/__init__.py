"""What would be if: corrections that reach a grade, and how far a score may go."""
