"""Tests of the importers, a module each; test_corpus runs them over the real corpus."""
