-- Constraints that are else looked at with the commit are looked at with each statement, where it is known which row it is.
SET CONSTRAINTS ALL IMMEDIATE
