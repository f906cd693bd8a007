"""The questions asked before a plan is started, and how their answers are judged."""
