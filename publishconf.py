"""Settings for production: those of pelicanconf.py, and every promise about addresses is kept or the build refused."""

import os
import runpy

# Read by its path: a plain import could find another site's pelicanconf, from the current folder or already loaded.
globals().update(
    {
        name: value
        for name, value in runpy.run_path(
            os.path.join(os.path.dirname(os.path.abspath(__file__)), "pelicanconf.py")
        ).items()
        if name.isupper()
    }
)

PORTAL_STRICT = True  # a missing or broken catalog/published.tsv stops the build
