"""Photos, papers and drawn signatures of an audit, made ready for a page."""
