-- 011_ledger.sql - opens the accounts once, and settles what a deleted job leaves behind.

-- -- opening ------------------------------------------------------------------------------------

create or replace function darkroom.close_charges() returns void
language sql security definer set search_path = pg_catalog, public, pg_temp as $$
  update darkroom.charge c
     set state = case when r.back > 0 or q.status = 'failed' then 'returned'
                      when coalesce(q.status, 'deleted') in ('pending', 'processing') then 'open'
                      else 'delivered' end,
         refunded = coalesce(r.back, 0),
         source = case when q.status = 'failed' and r.back is null and c.credits > 0
                       then 'unpaid' else c.source end
    from darkroom.charge x
    left join public.job_queue q on q.id = x.job_id
    left join (select split_part(t.id, ':', 2) as job, sum(t.amount)::int as back
                 from public."CreditTransaction" t where t.id like 'refund:%' group by 1) r
      on r.job = x.job_id::text
   where x.job_id = c.job_id and c.state = 'open'
$$;
comment on function darkroom.close_charges is
  'Derives the state of open charges from how their jobs ended, while darkroom was not installed '
  'or in an earlier version. Of a deleted job nothing can go back.';

-- Volatile, as brief_of: to a stable one a table that the application rewrites looks empty.
create or replace function darkroom.paid_unfinished(owner text, recent timestamp) returns bigint
language sql volatile security definer set search_path = pg_catalog, public, pg_temp as $$
  with waiting as materialized ( -- otherwise the condition below computes a price for each job
    select darkroom.credits_of(n.job_type, n.payload) as price, sum(n.jobs)::bigint as jobs,
           timezone('utc', min(n.first)) as first, timezone('utc', max(n.last)) as last
      -- The price depends on these keys only. It is computed once for all jobs that have the same,
      -- because the application waits meanwhile.
      from (select q.job_type, jsonb_build_object('imageType', left(q.payload->>'imageType', 100),
                     'isPremium', q.payload->'isPremium' = 'true',
                     'includeAPlus', q.payload->'includeAPlus' = 'true') as payload,
                   count(*) as jobs, min(q.created_at) as first, max(q.created_at) as last
              from public.job_queue q
             where q.user_id = owner and coalesce(q.status, 'pending') in ('pending', 'processing')
               and jsonb_typeof(q.payload) = 'object'
               and not exists (select 1 from darkroom.charge c where c.job_id = q.id)
             group by 1, 2) n
     group by 1
  )
  select coalesce(sum(w.price * least(w.jobs, (
           select count(*) from public."CreditTransaction" t
            where t."userId" = owner and t.type = 'USAGE' and t.amount = -w.price
              and t."createdAt" < recent and t."createdAt" >= recent - interval '7 days'
              and t."createdAt" between w.first - interval '10 minutes'
                and w.last + interval '10 s'))), 0)
    from waiting w where w.price > 0
$$;
comment on function darkroom.paid_unfinished is
  'Price of the unfinished jobs of a user that were paid before `recent`: a payment of exactly '
  'their price precedes them.';

create or replace function darkroom.open_account(owner text) returns void
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  -- The application may not have inserted the jobs of its last payments yet: these stay available.
  recent constant timestamptz := now() - interval '1 minute';
  paid bigint;
  paid_recently bigint;
  used bigint;
  used_recently bigint;
  open bigint;
  owed bigint;
  owed_recently bigint;
begin
  select coalesce(-sum(t.amount), 0),
         coalesce(-sum(t.amount) filter (where t."createdAt" >= timezone('utc', recent)), 0)
    into paid, paid_recently
    from public."CreditTransaction" t where t."userId" = owner and t.type in ('USAGE', 'REFUND');
  select coalesce(sum(c.credits), 0),
    coalesce(sum(c.credits) filter (where c.created_at >= recent), 0),
         coalesce(sum(c.credits) filter (where c.state = 'open' and c.source = 'application'), 0)
    into used, used_recently, open
    from darkroom.charge c where c.user_id = owner and c.state in ('open', 'delivered')
     and c.source in ('application', 'worker');
  select coalesce(sum(o.credits), 0),
         coalesce(sum(o.credits) filter (where c.created_at >= recent), 0)
    into owed, owed_recently
    from darkroom.owed_refund o join darkroom.charge c on c.job_id = o.job_id
   where o.user_id = owner;
  if used > paid and open > 0 then -- not all of these were paid: each is examined when it starts
    update darkroom.charge c set source = 'unpaid', credits = 0
     where c.user_id = owner and c.state = 'open' and c.source = 'application';
    used := used - open;
  end if;
  insert into darkroom.account as a (user_id, opening, used)
  values (owner, paid - used - owed - greatest(paid_recently - used_recently - owed_recently, 0)
                 - darkroom.paid_unfinished(owner, timezone('utc', recent)), used)
  on conflict (user_id) do update set opening = excluded.opening, used = excluded.used;
end
$$;
comment on function darkroom.open_account is
  'Opens the account of a user. Nothing that was paid earlier can be refunded, except for '
  'unfinished jobs that a payment precedes, and for what is owed.';

create or replace function darkroom.open_accounts() returns void
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  if exists (select 1 from darkroom.ledger_start) and exists (
       select 1 from pg_trigger t where t.tgname = 'darkroom_note_deleted'
          and t.tgrelid = 'public.job_queue'::regclass) then
    return; -- opened before, and not uninstalled since
  end if;
  insert into darkroom.ledger_start default values
  on conflict (only_row) do update set started_at = excluded.started_at;
  perform darkroom.close_charges();
  perform darkroom.record_jobs(array(select q.id from public.job_queue q
    where q.status in ('pending', 'processing') and q.darkroom_lease > 0));
  perform darkroom.open_account(u.user_id) from (
    select t."userId" as user_id from public."CreditTransaction" t
    union select c.user_id from darkroom.charge c) u;
end
$$;
comment on function darkroom.open_accounts is
  'Opens the account of each user, once after each installation.';
do $$ begin perform darkroom.open_accounts(); end $$;

-- -- credits by hand ----------------------------------------------------------------------------

create or replace function darkroom.user_named(name text) returns text
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select coalesce((select u.id from public."User" u where u.id = user_named.name),
                  (select u.id from public."User" u where u.email = user_named.name),
                  (select min(u.id) from public."User" u
                    where lower(u.email) = lower(user_named.name)
                    having count(*) = 1))
$$;
comment on function darkroom.user_named is
  'Returns the id of the user with an id or e-mail address, in any case if only one matches; null '
  'if there is none.';

create or replace function darkroom.add_credits(name text, credits int, note text, creator text,
  only_check boolean) returns jsonb
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  owner text := darkroom.user_named(name);
  added text := 'bonus:' || gen_random_uuid();
  balance bigint;
begin
  if owner is null then
    return '{"missing":true}';
  elsif credits is null or credits not between 1 and 1000000 then
    raise exception 'credits must be between 1 and 1000000' using errcode = '22023';
  end if;
  perform darkroom.lock_account(owner);
  select coalesce(sum(t.amount), 0) into balance from public."CreditTransaction" t
   where t."userId" = owner;
  if not only_check then
    insert into public."CreditTransaction" (id, "userId", amount, type, description, metadata,
                                            "createdAt")
    values (added, owner, credits, 'BONUS', note,
            jsonb_build_object('by', 'darkroom', 'createdBy', creator), timezone('utc', now()));
  end if;
  return jsonb_build_object('user', owner,
    'email', (select u.email from public."User" u where u.id = owner), 'credits', credits,
    'before', balance, 'after', balance + credits,
    'transaction', case when not only_check then added end);
end
$$;
comment on function darkroom.add_credits is
  'Adds a BONUS transaction for a user found by id or e-mail address, as the application''s own '
  'script does. With only_check it only says what the balance would be.';

-- -- deleted jobs -------------------------------------------------------------------------------

create table if not exists darkroom.deleted_job (
  job_id uuid primary key,
  deleted_at timestamptz not null default now()
);
comment on table darkroom.deleted_job is
  'Unfinished jobs that other programs deleted from job_queue, or ended by a plain UPDATE, and that are not '
  'settled yet.';
comment on column darkroom.deleted_job.job_id is 'The job.';
comment on column darkroom.deleted_job.deleted_at is 'When it was deleted or ended.';

create or replace function darkroom.note_deleted_jobs() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  insert into darkroom.deleted_job (job_id)
  select d.id from deleted d
    join darkroom.charge c on c.job_id = d.id and c.state = 'open'
  on conflict do nothing;
  if found then
    perform pg_notify('darkroom_jobs', '');
  end if;
  return null;
end
$$;
comment on function darkroom.note_deleted_jobs is
  'Notes unfinished jobs that are deleted. Settling them is left to a worker, because the deleting '
  'transaction must not wait for other rows.';
create or replace trigger darkroom_note_deleted after delete on public.job_queue
  referencing old table as deleted for each statement execute function darkroom.note_deleted_jobs();

create or replace function darkroom.settle_deleted_job(job uuid, status text) returns void
language plpgsql as $$
declare
  r darkroom.claimed_job := darkroom.recorded_job(job);
begin
  if status = 'completed' then -- another program made the result, as mark_job_completed() takes it
    update darkroom.charge c set state = 'delivered', by_host = true
     where c.job_id = job and c.state = 'open';
  else
    perform darkroom.refund(job);
    update darkroom.batch_item i set state = 'failed', error = 'The job was '
           || case when status is null then 'deleted.' else 'ended by another program.' end
     where i.job_id = job and i.state = 'queued';
    delete from darkroom.kept_answer k where k.job_id = job;
  end if;
  if darkroom.try_lock_project(r.project_id) then -- otherwise the next call settles the rest
    delete from darkroom.deleted_job d where d.job_id = job;
    perform darkroom.finish_slot(job, r.project_id,
                                 case when status = 'completed' then 'done' else 'failed' end);
  end if;
end
$$;
comment on function darkroom.settle_deleted_job is
  'Settles a job that was deleted, or that another program ended with this status. The caller has locked '
  'the account.';

create or replace function darkroom.settle_deleted_jobs() returns int
language plpgsql security definer set search_path = pg_catalog, public, pg_temp
set lock_timeout = '25ms' as $$
declare
  r record;
  count int := 0;
begin
  delete from darkroom.deleted_job d using public.job_queue q -- made pending again meanwhile
   where q.id = d.job_id and q.status in ('pending', 'processing');
  for r in
    select d.job_id, c.user_id, q.status from darkroom.deleted_job d
      left join darkroom.claimed_job c on c.job_id = d.job_id
      left join public.job_queue q on q.id = d.job_id
     where coalesce(q.status, 'deleted') not in ('pending', 'processing')
     order by c.user_id, c.project_id, d.job_id limit 1000 for update of d skip locked
  loop
    begin
      continue when not darkroom.try_lock_account(r.user_id); -- the next call settles it
      perform darkroom.settle_deleted_job(r.job_id, r.status);
      count := count + 1;
    exception when lock_not_available then
      null; -- another session has locked a row of the application: the next call settles it
    when others then -- the application's tables reject a change: the others are settled
      if darkroom.is_passing(sqlstate) then
        raise;
      end if;
      raise warning 'darkroom: the deleted job % cannot be settled: %', r.job_id, sqlerrm;
    end;
  end loop;
  return count;
end
$$;
comment on function darkroom.settle_deleted_jobs is
  'Refunds unfinished jobs that other programs deleted or ended, and updates their projects. Waits at most '
  '25 ms for a lock, because it runs within heartbeats.';
