"""Evidence held against criteria: scores, and where the office falls short."""
