"""What an editor is told of a file that cannot be published, or whose words cannot be read."""

Refusal = tuple[str, str, str]
"""Code, what is wrong, and what to do."""
