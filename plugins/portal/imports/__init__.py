"""Importers: texts that others wrote become records, and what was not understood is said line by line.

The parsers and writers are pure; `folders` alone touches files. Nothing here imports the rest of the portal.
"""
