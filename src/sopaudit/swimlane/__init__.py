"""Workflows drawn: boxes and lines laid out, then written as SVG or BPMN."""
