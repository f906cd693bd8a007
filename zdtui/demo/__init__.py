"""An embedded primary with a streaming standby, a small shop and its traffic."""
