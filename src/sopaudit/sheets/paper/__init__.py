"""Checklists on paper: to be filled in with a pen, and known again by a code on every page."""
