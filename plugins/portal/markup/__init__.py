"""Markdown bodies: what they refer to, what is wrong with them, and their HTML. Pure."""
