"""The problems of a handbook as people and programs read them: result in, string out."""
