-- uninstall.sql - takes darkroom out of the host application's database: its own functions come back
-- as they were; our columns, our trigger and our schema go. Jobs, images, A+ content and credits
-- stay. One transaction: all of it, or nothing.
do $$
declare
  held int;
  f record;
  who text;
begin
  if to_regclass('darkroom.original') is null then
    raise exception 'darkroom is not set up in this database';
  end if;
  lock table public.job_queue in share row exclusive mode;
  select count(*) into held from public.job_queue
   where status = 'processing' and leased_by <> 'legacy' and lease_until > now();
  if held > 0 then
    raise exception 'workers hold % jobs: stop them first (SIGTERM), then try again', held;
  end if;
  -- whoever held these is gone; the old functions cannot tell
  update public.job_queue set status = 'pending', processed_at = null
   where status = 'processing' and leased_by is distinct from 'legacy';

  -- nobody else knows how to make these
  update public.job_queue set status = 'failed', completed_at = now(),
         error_message = 'darkroom was removed before this image was made again.'
   where status in ('pending', 'processing')
     and job_type in ('regenerate-image', 'economy-batch');

  drop trigger if exists darkroom_wake on public.job_queue;
  for f in select * from darkroom.original loop
    execute f.definition;
    execute format('revoke execute on function %s from public', f.signature);
    foreach who in array f.granted_to loop
      execute format('grant execute on function %s to %s', f.signature, who);
    end loop;
    execute format('comment on function %s is null', f.signature);
  end loop;
  drop index if exists public.darkroom_pending, public.darkroom_processing;
  alter table public.job_queue drop column run_at, drop column priority, drop column lease,
    drop column leased_by, drop column lease_until, drop column losses, drop column busy;
  alter table public.job_queue reset (fillfactor, autovacuum_vacuum_scale_factor,
    autovacuum_vacuum_threshold, autovacuum_vacuum_cost_delay);
  drop schema darkroom cascade;
end
$$;
