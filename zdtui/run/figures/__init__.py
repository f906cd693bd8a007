"""The figures that guards and throttle judge, and what it means when one cannot be seen. Pure."""
