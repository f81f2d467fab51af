"""Rules held against the records of an office: one function a kind, each over whole columns."""
