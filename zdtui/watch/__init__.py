"""Samples of the server, a second apart, on connections of their own. One failing probe never stops the others."""
