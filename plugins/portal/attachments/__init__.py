"""Attachments: the types that may be published, and the files that public records name."""
