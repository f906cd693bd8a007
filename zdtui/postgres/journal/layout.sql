-- At most one row: the number of the journal's layout. In a journal of layout 1 or 2 the table is not there.
SELECT number FROM zdtui.layout
