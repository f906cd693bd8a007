-- Where one sequence stands: its last value, or the value that comes first.
-- {sequence}: its name as SQL writes it. Server versions: 13 and later. Needs SELECT on it.
SELECT CASE WHEN s.is_called THEN '' ELSE 'not used, ' END || s.last_value::text FROM {sequence} AS s
