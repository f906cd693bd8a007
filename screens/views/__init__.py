"""Pure views: from a scene to rows. One file a view, all of the same form; none knows a clock or a terminal."""
