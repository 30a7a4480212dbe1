"""Resolve: all records at one clock → relations, validity, facets: the Site."""
