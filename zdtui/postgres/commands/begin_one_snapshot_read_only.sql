-- A transaction whose statements see the same rows and change none.
BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY
