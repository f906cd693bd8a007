"""The parts of `benchmarks/chaos.py`: servers, an application, consoles, faults, and what must be true after them."""
