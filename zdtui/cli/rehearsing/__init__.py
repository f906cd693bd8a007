"""Who is shown a rehearsal: lines for CI, or the console."""
