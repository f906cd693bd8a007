"""What slows a backfill down, and by how much: signals with their limits, a speed that follows them, a schedule."""

from zdtui.run.throttle.rest import Rest as Rest
