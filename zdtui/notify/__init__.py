"""Telling people who look elsewhere: notices of closed data, and a process of their own that delivers them."""
