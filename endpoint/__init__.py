"""The form endpoint: what citizens send is stored once and answered. See docs/architecture.md, "The form endpoint".

Of the portal it imports `portal.workdays` alone, and reads the one file that the build writes for it.
"""
