"""Loose photos as a way of filling in: named after items, in folders, or on a contact sheet."""
