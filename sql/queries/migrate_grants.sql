-- The GRANT statements for a worker that connects as role $1 and uses the functions $2 and the
-- tables $3.
select string_agg(line, E'\n' order by rank, line)
  from (select r.oid, quote_ident(r.rolname) as name from pg_roles r where r.rolname = $1) w,
    lateral (
    select 1 as rank, format('grant usage on schema darkroom to %s;', w.name) as line
    union all
    select 1, format('grant usage on schema public to %s;', w.name)
    union all
    select 2, format('grant select on %s to %s;', c.oid::regclass, w.name)
      from unnest(string_to_array($3, ',')) t join pg_class c on c.oid = to_regclass(t)
    union all
    select 3, format('grant execute on function %s to %s;', p.oid::regprocedure, w.name)
      from pg_proc p where p.pronamespace = to_regnamespace('darkroom')
       and p.proname = any(string_to_array($2, ','))
    union all
    -- the application's own row level security has no policy for the worker
    select 4, format('create policy %I on public.job_queue for select to %s using (true);',
             'darkroom_worker_' || $1, w.name)
      from pg_class c
     where c.oid = to_regclass('public.job_queue') and c.relrowsecurity
       and not exists (select 1 from pg_policy p where p.polrelid = c.oid
             and p.polname in ('darkroom_other_roles', 'darkroom_worker_' || $1))) x
