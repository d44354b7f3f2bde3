-- uninstall.sql - removes darkroom from the host application's database in one transaction.
--
-- Restores the application's own four queue functions and drops darkroom's columns, triggers and
-- schema. Jobs, images, A+ content and credits stay. Removes the current schema version;
-- `darkroom migrate --undo` upgrades an older one first.
do $$
declare
  leased int;
  f record;
  grantee text;
begin
  if to_regclass('darkroom.host_function') is null then
    raise exception 'darkroom is not set up in this database';
  end if;
  lock table public.job_queue in share row exclusive mode;
  select count(*) into leased from public.job_queue
   where status = 'processing' and darkroom_leased_by <> 'legacy' and darkroom_lease_until > now();
  if leased > 0 then
    raise exception 'Workers hold % jobs. Stop the workers with SIGTERM, then try again.', leased;
  end if;
  -- The workers of these jobs are dead, and the restored functions never return such jobs.
  update public.job_queue set status = 'pending', processed_at = null
   where status = 'processing' and darkroom_leased_by is distinct from 'legacy';

  -- Only darkroom can run these job types.
  update public.job_queue set status = 'failed', completed_at = now(),
         error_message = 'darkroom was removed before this image was made again.'
   where status in ('pending', 'processing')
     and job_type in ('regenerate-image', 'batch-api', 'economy-batch');

  drop trigger if exists darkroom_wake on public.job_queue;
  drop trigger if exists darkroom_translate_old_values on public.job_queue;
  for f in select * from darkroom.host_function loop
    execute f.definition;
    execute format('revoke execute on function %s from public', f.signature);
    foreach grantee in array f.granted_to loop
      execute format('grant execute on function %s to %s', f.signature, grantee);
    end loop;
    execute format('comment on function %s is null', f.signature);
  end loop;
  drop index if exists public.darkroom_pending, public.darkroom_processing;
  alter table public.job_queue drop column darkroom_run_at, drop column darkroom_priority,
    drop column darkroom_lease, drop column darkroom_leased_by, drop column darkroom_lease_until,
    drop column darkroom_losses, drop column darkroom_busy;
  alter table public.job_queue reset (fillfactor, autovacuum_vacuum_scale_factor,
    autovacuum_vacuum_threshold, autovacuum_vacuum_cost_delay);
  drop schema darkroom cascade;
end
$$;
