"""The site's pelicanconf.py: the portal's own settings, but the yardstick's pages in place of the portal's."""

import os
import runpy

import portal

globals().update(
    {name: value for name, value in runpy.run_path(str(portal.HOME / "pelicanconf.py")).items() if name.isupper()}
)

_HERE = os.path.dirname(os.path.abspath(__file__))
PATH = os.path.join(_HERE, "content")
OUTPUT_PATH = os.path.join(_HERE, "output")
PORTAL_PUBLISHED = OUTPUT_PATH
THEME_TEMPLATES_OVERRIDES = [os.path.join(_HERE, "theme", "templates")]
PLUGIN_PATHS = [os.path.join(_HERE, "plugins")]
PLUGINS = ["yardstick_pages"]
