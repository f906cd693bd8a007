-- One row: the server answers.
SELECT 1
