"""The console: thin Textual views over the engine's snapshots. They draw and send commands; they own nothing."""
