"""Inspect: the finished site against the rules."""
