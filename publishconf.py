"""Settings for production: those of pelicanconf.py, and every promise about addresses is kept or the build refused."""

import os
import sys

sys.path.append(os.path.dirname(os.path.abspath(__file__)))
from pelicanconf import *  # noqa: F403

PORTAL_STRICT = True  # a missing or broken catalog/published.tsv stops the build
