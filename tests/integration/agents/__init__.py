"""Agents, on real servers and through the official client."""
