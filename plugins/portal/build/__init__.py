"""The edge: Pelican, templates, releases, the list of promises."""
