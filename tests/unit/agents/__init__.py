"""Agents, without a server."""
