"""Drives Terraform providers through the life of their resources against the server."""
