-- valid, invalid (an interrupted build left it) or, while another session builds it, building.
select case when i.indisvalid then 'valid'
            when exists (select 1 from pg_stat_progress_create_index p where p.index_relid = c.oid)
              then 'building'
            else 'invalid' end
  from pg_class c join pg_index i on i.indexrelid = c.oid
 where c.oid = to_regclass('public.' || $1) and i.indrelid = to_regclass('public.job_queue')
