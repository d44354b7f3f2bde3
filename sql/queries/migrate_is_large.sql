-- For a job_queue that is so large that its indexes are built before the migration: current, or old
-- if darkroom's columns have the names of a version before 10, which the migration changes. Null if
-- one of these belongs to the application, because then no index can be built on them.
with old_column as (
  select o.name, o.n, a.attnum
    from unnest(array['run_at', 'priority', 'lease', 'leased_by', 'lease_until', 'losses', 'busy'])
         with ordinality o(name, n)
    join pg_attribute a on a.attrelid = to_regclass('public.job_queue') and a.attname = o.name
     and not a.attisdropped
)
select case when to_regclass('darkroom.charge') is null or exists (
              select 1 from pg_attribute a where a.attrelid = to_regclass('public.job_queue')
                 and a.attname = 'darkroom_lease' and not a.attisdropped) then 'current'
            -- one statement added them, as 000_upgrade.sql knows
            when (select count(*) = 7 and count(distinct c.attnum - c.n) = 1 from old_column c)
              then 'old' end as names
 where pg_relation_size(to_regclass('public.job_queue')) > 32 * 1024 * 1024
