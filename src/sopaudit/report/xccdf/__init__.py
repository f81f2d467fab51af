"""An audit as XCCDF 1.2: what was asked, what was found, and the four scores of that standard."""
