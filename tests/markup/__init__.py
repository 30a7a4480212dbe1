"""Tests of portal.markup."""
