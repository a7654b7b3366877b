"""Tests Terraform providers against the server, through the full lifecycle of their resources."""
