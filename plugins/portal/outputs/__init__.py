"""What stands beside the pages: feeds, catalogue, sitemap, search. Each is a plugin on the signal `site_written`."""
