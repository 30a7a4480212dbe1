"""Read: what editors write becomes typed records, or problems with places."""
