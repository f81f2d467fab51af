"""Filled sheets and photos brought into an audit."""
