"""What an office is held against: standards, checklists, schemes, and the organisation."""
