"""Carrying statements out: locks, tries, limits, and what a statement leaves behind."""
