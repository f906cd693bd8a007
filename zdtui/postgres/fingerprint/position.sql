-- Where one sequence stands: its number among those that are asked together, and its last value or the one that comes first.
-- {number}: that number. {sequence}: its name as SQL writes it. Server versions: 13 and later. Needs SELECT on it.
SELECT '{number}', CASE WHEN s.is_called THEN '' ELSE 'not used, ' END || s.last_value::text FROM {sequence} AS s
