-- One row: whether a partitioned table has to be changed as one, through its parent: one of the columns in $2 may decide
-- in which partition a row is (a partition refuses a row of another one), or row security stands over the parent only.
SELECT EXISTS (SELECT 1
                 FROM pg_catalog.pg_partition_tree($1::text::regclass) AS p
                 JOIN pg_catalog.pg_partitioned_table AS t ON t.partrelid = p.relid
                 JOIN pg_catalog.pg_attribute AS a ON a.attrelid = t.partrelid AND a.attname = ANY ($2::text[])
                WHERE a.attnum = ANY (t.partattrs::smallint[]) OR t.partexprs IS NOT NULL)
    OR EXISTS (SELECT 1 FROM pg_catalog.pg_class AS c WHERE c.oid = $1::text::regclass AND c.relrowsecurity)
