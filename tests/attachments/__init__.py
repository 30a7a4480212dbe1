"""Tests of portal.attachments."""
