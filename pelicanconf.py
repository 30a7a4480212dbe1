"""Settings of the portal. Each has its reason; everything about the office stands in catalog/site.yaml."""

import os

from jinja2 import StrictUndefined

import portal
from portal.build.engine import Portal
from portal.build.filters import FILTERS

PELICAN_CLASS = Portal  # strict: no plugin is skipped, no record dropped, no empty site published

_HERE = os.path.dirname(os.path.abspath(__file__))
PATH = os.path.join(_HERE, "content")  # catalog/ stands beside it
OUTPUT_PATH = os.path.join(_HERE, "output")  # a link to the published release
PORTAL_PUBLISHED = OUTPUT_PATH  # a build to anywhere else (-o, --output) is a plain folder, never published
THEME = str(portal.HOME / "theme")
THEME_TEMPLATES_OVERRIDES = [os.path.join(_HERE, "theme", "templates")]  # a site replaces single templates here

SITENAME = ""  # the name stands in catalog/site.yaml; Pelican wants the setting
SITEURL = ""
FEED_ALL_ATOM = CATEGORY_FEED_ATOM = TRANSLATION_FEED_ATOM = AUTHOR_FEED_ATOM = AUTHOR_FEED_RSS = (
    None  # ours are better
)
TIMEZONE = "Asia/Shanghai"
DEFAULT_LANG = "zh-CN"

# The steps, in order. An office switches one off, or adds its own, here.
PLUGINS = [
    "portal.pages",  # the pages of the public site
    "portal.outputs.feeds",  # RSS and Atom, OPML
    "portal.outputs.catalogue",  # CSV, JSON, DCAT; a JSON beside each record
    "portal.outputs.sitemap",  # sitemap index, robots.txt
    "portal.outputs.search",  # Pagefind over the published records
]

JINJA_ENVIRONMENT = {
    "autoescape": True,  # everything printed is escaped unless it was cleaned
    "undefined": StrictUndefined,  # a misspelt field is an error, not an empty page
    "trim_blocks": True,
    "lstrip_blocks": True,
}
JINJA_FILTERS = FILTERS
