-- One row when the event that has this place is the very one given.
SELECT 1
  FROM zdtui.event
 WHERE run = %(run)s AND sequence = %(sequence)s AND at = %(at)s AND operator = %(operator)s AND kind = %(kind)s
   AND payload = %(payload)s
