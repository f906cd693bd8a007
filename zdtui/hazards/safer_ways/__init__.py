"""Safer ways that take several steps: with deploys, by a second column in step with the first, by partition."""
