"""The disclosure portal: records in Markdown and YAML become a checked static site.

The data goes one way: read → resolve → check → plan → render → inspect. See docs/architecture.md.
"""

from pathlib import Path

__version__ = "0.1.0"

#: The checkout that this package was installed from; the theme and the project template live there.
HOME = Path(__file__).resolve().parents[2]
