-- One row a run: how many events it has. In a journal of layout 3 or later.
SELECT h.run, h.sequence FROM zdtui.head AS h ORDER BY h.opened DESC LIMIT 1000
