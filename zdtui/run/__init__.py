"""Carrying a plan out: events, the state they fold to, the decisions, and the engine that performs them."""
