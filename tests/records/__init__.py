"""Tests of portal.records."""
