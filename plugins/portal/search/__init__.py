"""Search: what a record says, cut into terms for Pagefind in shards, so that a query finds exactly what holds it."""
