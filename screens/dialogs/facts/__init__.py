"""The facts that sheets have in common: where a step runs, how, what it locks, and whether it may run now."""
