-- Returns a row if job_queue is so large that its indexes are built before the migration. Columns of
-- versions before 10 are renamed by the migration, so nothing can be built on them before it.
select 1 where pg_relation_size(to_regclass('public.job_queue')) > 32 * 1024 * 1024
   and (to_regclass('darkroom.charge') is null or exists (
     select 1 from pg_attribute a where a.attrelid = to_regclass('public.job_queue')
        and a.attname = 'darkroom_lease' and not a.attisdropped))
