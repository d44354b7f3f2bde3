-- 002_money.sql - prices, charges and refunds, and what darkroom records about a job so that it is
-- settled by these records and not by job_queue, which other roles may write.
--
-- The rule for each user, at any moment:
--   paid (USAGE rows) - refunded (REFUND rows) >= opening + delivered + open
-- A job counts as paid only while the rule holds with its price included, and a refund is at most
-- what the rule leaves. A row that was inserted without a payment can therefore return no credits.

-- -- tables -------------------------------------------------------------------------------------

create table if not exists darkroom.ledger_start (
  only_row boolean primary key default true check (only_row),
  started_at timestamptz not null default now()
);
comment on table darkroom.ledger_start is
  'One row: since when darkroom accounts for credits. Earlier charges and refunds are history.';
comment on column darkroom.ledger_start.only_row is 'Always true, so that there is one row.';
comment on column darkroom.ledger_start.started_at is 'When the accounts were opened.';

create table if not exists darkroom.account (
  user_id text primary key,
  opening bigint not null default 0,
  used bigint not null default 0
) with (fillfactor = 50);
comment on table darkroom.account is
  'How the credits that a user paid were used. Its row is the lock of all credit changes of the '
  'user, so that these never wait for a lock of the application.';
comment on column darkroom.account.user_id is
  'The user. Not a foreign key: the row stays after the user is deleted.';
comment on column darkroom.account.opening is
  'Credits used before darkroom was installed, which cannot be refunded. Negative if less was paid '
  'then than was delivered.';
comment on column darkroom.account.used is
  'Credits of paid jobs that are open or delivered: the sum of darkroom.charge for the user.';

alter table darkroom.charge
  add column if not exists state text not null default 'open'
    check (state in ('open', 'delivered', 'returned')),
  add column if not exists refunded int not null default 0,
  add column if not exists by_host boolean not null default false,
  drop constraint if exists charge_source_check,
  add constraint charge_source_check
    check (source in ('application', 'worker', 'free', 'unpaid'));
create index if not exists charge_user on darkroom.charge (user_id);
comment on table darkroom.charge is
  'The price of a job, frozen at its first claim, and what became of it. A refund is at most this '
  'amount, and there is one at most.';
comment on column darkroom.charge.source is
  'application: charged before it inserted the job; worker: charged by darkroom; free: queued '
  'without a charge; unpaid: no payment of the user covers the job.';
comment on column darkroom.charge.state is
  'open: the job has not ended; delivered: its result exists; returned: it has none, and the '
  'credits went back.';
comment on column darkroom.charge.refunded is 'Credits that were refunded.';
comment on column darkroom.charge.by_host is
  'True if a caller of the application''s functions completed the job.';

create table if not exists darkroom.claimed_job (
  job_id uuid primary key,
  job_type text not null,
  payload jsonb,
  user_id text,
  project_id text,
  slot text,
  image_type text,
  recorded_at timestamptz not null default now()
);
comment on table darkroom.claimed_job is
  'What a job was about when darkroom first claimed or created it. The job is settled by this '
  'record, because job_queue may be changed meanwhile.';
comment on column darkroom.claimed_job.job_id is
  'The job. Not a foreign key: the row stays after the job is deleted.';
comment on column darkroom.claimed_job.job_type is 'Job type.';
comment on column darkroom.claimed_job.payload is 'Payload, as bounded_payload() returns it.';
comment on column darkroom.claimed_job.user_id is 'The user.';
comment on column darkroom.claimed_job.project_id is
  'The project. Null if it did not exist or did not belong to the user.';
comment on column darkroom.claimed_job.slot is
  'The slot that the job fills. Null if it fills none.';
comment on column darkroom.claimed_job.image_type is 'Image type, if the job makes an image.';
comment on column darkroom.claimed_job.recorded_at is 'When this was recorded.';

create table if not exists darkroom.child_job (
  parent_id uuid not null,
  slot text not null,
  job_id uuid not null unique default gen_random_uuid(),
  primary key (parent_id, slot)
);
comment on table darkroom.child_job is
  'Jobs that darkroom created for another job. Their ids are random, so that no other role can '
  'insert a row with such an id first.';
comment on column darkroom.child_job.parent_id is 'The job, for example the pack.';
comment on column darkroom.child_job.slot is 'The slot of the created job.';
comment on column darkroom.child_job.job_id is 'The created job.';

alter table darkroom.child_job add column if not exists refunded int not null default 0;
comment on column darkroom.child_job.job_id is
  'The created job; after a retry, the job that repeats it.';
comment on column darkroom.child_job.refunded is
  'Credits that were refunded for earlier jobs of the slot, which job_id repeats.';
alter table darkroom.claimed_job add column if not exists advice jsonb;
comment on column darkroom.claimed_job.advice is
  'How the last attempt failed: message, as in job_queue.error_message, and advice: what the seller '
  'can do to get {what}. A pack puts the names of its missing parts there.';

create table if not exists darkroom.stored_object (
  bucket text not null,
  path text not null,
  job_id uuid not null,
  user_id text,
  project_id text,
  stored_at timestamptz not null default now(),
  primary key (bucket, path)
);
create index if not exists stored_object_job on darkroom.stored_object (job_id);
comment on table darkroom.stored_object is
  'Objects that darkroom stored. `darkroom tidy` finds those of deleted projects and users here.';
comment on column darkroom.stored_object.bucket is 'Bucket of the object.';
comment on column darkroom.stored_object.path is 'Path in the bucket.';
comment on column darkroom.stored_object.job_id is 'The job that stored it.';
comment on column darkroom.stored_object.user_id is 'The user of the job.';
comment on column darkroom.stored_object.project_id is 'The project of the job.';
comment on column darkroom.stored_object.stored_at is 'When its job was committed.';

create table if not exists darkroom.image_detail (
  image_id text primary key,
  detail jsonb not null,
  recorded_at timestamptz not null default now()
);
comment on table darkroom.image_detail is
  'How an image was made: model, prompt, cost, checks. "GeneratedImage".metadata, which sellers '
  'can read, holds what the application itself writes there.';
comment on column darkroom.image_detail.image_id is
  '"GeneratedImage".id. Not a foreign key: costs stay after the image is deleted.';
comment on column darkroom.image_detail.detail is 'How the image was made.';
comment on column darkroom.image_detail.recorded_at is 'When the image was committed.';

create table if not exists darkroom.owed_refund (
  job_id uuid primary key,
  user_id text not null,
  credits int not null,
  reason text not null,
  since timestamptz not null default now(),
  tries int not null default 1,
  retry_at timestamptz not null default now()
);
create index if not exists owed_refund_due on darkroom.owed_refund (retry_at);
comment on table darkroom.owed_refund is
  'Refunds that a constraint or trigger of the application rejected. They are tried again until it '
  'accepts them (017_owed.sql).';
comment on column darkroom.owed_refund.job_id is
  'The job. Not a foreign key: what is owed stays after the job is deleted.';
comment on column darkroom.owed_refund.user_id is 'The user.';
comment on column darkroom.owed_refund.credits is 'Credits to refund.';
comment on column darkroom.owed_refund.reason is 'The error of the last try.';
comment on column darkroom.owed_refund.since is 'When the refund was rejected first.';
comment on column darkroom.owed_refund.tries is 'How often it was tried.';
comment on column darkroom.owed_refund.retry_at is 'When it is tried again.';

-- -- prices -------------------------------------------------------------------------------------

create or replace function darkroom.price_of(kind text) returns int
language plpgsql stable set search_path = darkroom, pg_temp as $$
begin
  return (select coalesce((select p.credits from darkroom.price p where p.kind = price_of.kind),
    0));
end
$$;
comment on function darkroom.price_of is
  'Returns the credits for one of a kind; 0 if it is not sold.';

create or replace function darkroom.slot_of(job_type text, payload jsonb) returns text
language sql immutable as $$
  select case
    when jsonb_typeof(payload) is distinct from 'object' then null
    when job_type = 'generate-complete-pack' then 'PACK'
    when job_type = 'generate-aplus' then 'APLUS'
    when job_type <> 'generate-image' then null
    when payload->>'imageType' = 'A_PLUS_MODULE' then 'A_PLUS_MODULE'
      || coalesce(':' || left(payload->>'module', 9) || ':' || left(payload->>'slot', 9), '')
    else left(payload->>'imageType', 40)
  end
$$;
comment on function darkroom.slot_of is
  'Returns the slot that a job fills, as in darkroom.slot; null if its payload is invalid.';

-- Without `set search_path`, so that the planner inlines it into the statement of record_charges().
create or replace function darkroom.kinds_of(job_type text, payload jsonb) returns text[]
language sql immutable as $$
  select case
    when jsonb_typeof(payload) is distinct from 'object' then null
    when job_type = 'generate-image' then array[payload->>'imageType']
    when job_type = 'generate-aplus' then
      array[case when payload->'isPremium' = 'true' then 'APLUS_PREMIUM' else 'APLUS' end]
    when job_type = 'generate-complete-pack' then
      array['MAIN_IMAGE', 'INFOGRAPHIC', 'FEATURE_HIGHLIGHT', 'LIFESTYLE', 'COMPARISON_CHART',
            'DIMENSION_DIAGRAM', case when payload->'includeAPlus' = 'true' then 'APLUS' end]
  end
$$;
comment on function darkroom.kinds_of is
  'Returns the kinds, as in darkroom.price, that the application charged before it inserted such a '
  'job.';

create or replace function darkroom.credits_of(job_type text, payload jsonb) returns int
language plpgsql stable set search_path = darkroom, pg_temp as $$
begin
  return (select coalesce(sum(p.credits), 0)::int from darkroom.price p
           where p.kind = any(darkroom.kinds_of(job_type, payload)));
end
$$;
comment on function darkroom.credits_of is
  'Returns the credits that the application charged before it inserted such a job.';

create or replace function darkroom.is_sold(job_type text, payload jsonb) returns boolean
language plpgsql stable set search_path = darkroom, pg_temp as $$
begin
  return (select coalesce(case
    when jsonb_typeof(payload) is distinct from 'object' then false
    when job_type = 'generate-image' then exists (
      select 1 from darkroom.price p where p.kind = payload->>'imageType')
    else job_type in ('generate-complete-pack', 'generate-aplus') end, false));
end
$$;
comment on function darkroom.is_sold is
  'True if darkroom.price knows what the job is for. Any other job is never paid.';

-- -- accounts -----------------------------------------------------------------------------------

create or replace function darkroom.lock_account(owner text) returns void
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  insert into darkroom.account (user_id) values (owner) on conflict do nothing;
  perform 1 from darkroom.account a where a.user_id = owner for no key update;
end
$$;
comment on function darkroom.lock_account is
  'Locks the account of a user until the transaction ends. Sums must be read in a later statement, '
  'so that they include what was committed meanwhile.';

create or replace function darkroom.available_credits(owner text) returns bigint
language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  return (select coalesce(-sum(t.amount) filter (where t.type = 'USAGE'), 0)
       - coalesce(sum(t.amount) filter (where t.type = 'REFUND'), 0)
       - coalesce((select a.opening + a.used from darkroom.account a where a.user_id = owner), 0)
    from public."CreditTransaction" t where t."userId" = owner);
end
$$;
comment on function darkroom.available_credits is
  'Credits that a user paid and that neither a refund nor an open or delivered job has used. Lock '
  'the account first.';

create or replace function darkroom.epoch_ms(t timestamptz, otherwise timestamptz) returns bigint
language sql stable as $$
  select floor(extract(epoch from case when t between '1970-01-01' and '2100-01-01' then t
                                       else otherwise end) * 1000)::bigint
$$;
comment on function darkroom.epoch_ms is
  'Milliseconds since 1970 of a time, or of another one if it is null, infinite or absurd.';

create or replace function darkroom.next_lease(lease bigint) returns bigint
language sql immutable as $$
  select case when lease between 0 and 4503599627370495 then lease + 1 else 1 end
$$;
comment on function darkroom.next_lease is
  'The next lease number. Starts again if the current one is null or outside of what JSON numbers '
  'hold exactly.';

-- -- what a job is about ------------------------------------------------------------------------

create or replace function darkroom.bounded_payload(payload jsonb) returns jsonb
language plpgsql immutable as $$
begin
  if payload is null
     or pg_column_size(payload) < 65536 and octet_length(payload::text) < 65536 then
    return payload;
  elsif jsonb_typeof(payload) <> 'object' then
    return '"a payload of 64 KB or more"';
  end if;
  return (
    select coalesce(jsonb_object_agg(k.name, case jsonb_typeof(payload->k.name)
             when 'string' then to_jsonb(left(payload->>k.name, k.longest))
             when 'object' then case when length(payload->>k.name) > 8000 then '{}'
                                     else payload->k.name end
             when 'array' then case when length(payload->>k.name) > 8000 then '[]'
                                    else payload->k.name end
             when 'number' then case when length(payload->>k.name) > 40 then 'null'
                                     else payload->k.name end
             else payload->k.name end), '{}')
      from (values ('projectId', 1000), ('imageType', 1000), ('style', 1000), ('includeAPlus', 1000),
              ('isPremium', 1000), ('generateImages', 1000), ('module', 1000), ('slot', 1000),
              ('moduleType', 1000), ('description', 2000), ('headline', 1000),
              ('sceneDescription', 1000), ('templateId', 1000), ('featureTitle', 1000),
              ('comparisonType', 1000), ('dimensions', 2000), ('marketplace', 100),
              ('traceparent', 100)) k (name, longest)
     where payload ? k.name);
end
$$;
comment on function darkroom.bounded_payload is
  'Returns a payload of less than 64 KB unchanged. Of a larger one, returns the keys that the '
  'program reads, with the beginning of their texts: the application lets a style have any length.';

create or replace function darkroom.require_visible(tab regclass) returns void
language plpgsql as $$
begin
  if row_security_active(tab) and not exists (
    select 1 from pg_policy p
     where p.polrelid = tab and p.polpermissive and p.polcmd in ('*', 'r')
       and (p.polroles = '{0}' or exists (
         select 1 from unnest(p.polroles) r where pg_has_role(current_user, r, 'usage'))))
  then
    raise exception 'row level security hides all rows of % from role %', tab, current_user
      using errcode = 'insufficient_privilege';
  end if;
end
$$;
comment on function darkroom.require_visible is
  'Raises an exception if the role may see no row of a table: then a row that is not found may exist.';

create or replace function darkroom.record_job(job uuid, kind text, payload jsonb, owner text)
returns darkroom.claimed_job
language plpgsql as $$
declare
  project constant text := case when jsonb_typeof(payload) = 'object' then payload->>'projectId' end;
  r darkroom.claimed_job;
begin
  insert into darkroom.claimed_job (job_id, job_type, payload, user_id, project_id, slot,
    image_type)
  values (job, kind, payload, owner,
          (select p.id from public."Project" p where p.id = project and p."userId" = owner),
          darkroom.slot_of(kind, payload),
          case when kind = 'generate-image' then left(payload->>'imageType', 40) end)
  on conflict (job_id) do nothing
  returning * into r;
  if not found then -- another session was faster
    select * into r from darkroom.claimed_job c where c.job_id = job;
  elsif r.project_id is null then
    perform darkroom.require_visible('public."Project"');
  end if;
  return r;
end
$$;
comment on function darkroom.record_job is
  'Records what a job is about, unless that is recorded already, and returns the record. payload '
  'comes from bounded_payload().';

create or replace function darkroom.record_jobs(jobs uuid[]) returns void
language plpgsql as $$
begin
  perform darkroom.record_job(q.id, q.job_type, darkroom.bounded_payload(q.payload), q.user_id)
     from public.job_queue q
    where q.id = any(jobs)
      and (select c.job_id from darkroom.claimed_job c where c.job_id = q.id) is null;
end
$$;
comment on function darkroom.record_jobs is
  'Records what jobs are about, unless that is recorded already.';

create or replace function darkroom.recorded_job(job uuid) returns darkroom.claimed_job
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  r darkroom.claimed_job;
begin
  select * into r from darkroom.claimed_job c where c.job_id = job;
  if not found then -- claimed by a worker of an earlier version
    perform darkroom.record_jobs(array[job]);
    select * into r from darkroom.claimed_job c where c.job_id = job;
  end if;
  return r;
end
$$;
comment on function darkroom.recorded_job is 'Returns what a job is about, as it was recorded.';

create or replace function darkroom.payload_of(job uuid, payload jsonb) returns jsonb
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select coalesce((select c.payload from darkroom.claimed_job c where c.job_id = job),
                  darkroom.bounded_payload(payload))
$$;
comment on function darkroom.payload_of is
  'Returns the recorded payload of a job, or the given one, bounded, if none is recorded.';

create or replace function darkroom.seller_metadata(detail jsonb) returns jsonb
language sql immutable set search_path = pg_catalog, pg_temp as $$
  select case when jsonb_typeof(detail) = 'object' then jsonb_strip_nulls(jsonb_build_object(
    'productName', detail->'productName', 'features', detail->'features',
    'sceneDescription', detail->'sceneDescription', 'source', detail->'source')) end
$$;
comment on function darkroom.seller_metadata is
  'Returns the part of an image''s detail that goes to "GeneratedImage".metadata: what the '
  'application itself writes there. The browser of the seller receives it.';

create or replace function darkroom.detail_of(image text, metadata jsonb) returns jsonb
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select coalesce((select d.detail from darkroom.image_detail d where d.image_id = image), metadata)
$$;
comment on function darkroom.detail_of is
  'Returns how an image was made: darkroom''s record, or the metadata of an image that an earlier '
  'version or the application made.';

-- -- charges ------------------------------------------------------------------------------------
--
-- Functions without `security definer` run only inside functions with it.

drop function if exists darkroom.record_charges(uuid[]);
create or replace function darkroom.record_charge(r darkroom.claimed_job, inout credits jsonb,
  out source text)
language plpgsql as $$
declare
  facts jsonb := r.payload;
  price int;
  available bigint := (credits->>r.user_id)::bigint;
begin
  if facts is null then
    select q.payload into facts from public.job_queue q where q.id = r.job_id;
  end if;
  select coalesce(sum(p.credits), 0) into price from darkroom.price p -- as credits_of()
   where p.kind = any(darkroom.kinds_of(r.job_type, facts));
  if available is null then -- as available_credits()
    select -a.opening - a.used - coalesce((
             select sum(t.amount) from public."CreditTransaction" t
              where t."userId" = r.user_id and t.type in ('USAGE', 'REFUND')), 0)
      into available from darkroom.account a where a.user_id = r.user_id;
  end if;
  source := case when case when price > 0 then available >= price
                           else darkroom.is_sold(r.job_type, facts) end
                 then 'application' else 'unpaid' end;
  if source = 'unpaid' then
    price := 0;
  end if;
  insert into darkroom.charge (job_id, user_id, slot, credits, source)
  values (r.job_id, r.user_id, r.slot, price, record_charge.source)
  on conflict (job_id) do nothing;
  if price > 0 and found then
    update darkroom.account a set used = a.used + price where a.user_id = r.user_id;
    available := available - price;
  end if;
  credits := credits || jsonb_build_object(r.user_id, available);
end
$$;
comment on function darkroom.record_charge is
  'Freezes the price of a job at its first claim. A job that the payments of its user do not cover '
  'is recorded as unpaid. The caller has locked the account, in an earlier statement. credits: what '
  'users have available, as far as it was read under that lock.';

create or replace view darkroom.unopened_slot as
  select c.job_id, c.project_id, c.slot,
         (select h.source from darkroom.charge h where h.job_id = c.job_id) as source
    from darkroom.claimed_job c
   where c.slot is not null and c.project_id is not null
     and (select s.job_id from darkroom.slot s where s.project_id = c.project_id
             and s.slot = c.slot) is distinct from c.job_id;
comment on view darkroom.unopened_slot is
  'Slots of claimed jobs whose last job is another one, or that do not exist.';

create or replace function darkroom.open_slot(job uuid, project text, slot_name text)
returns boolean
language plpgsql as $$
declare
  status text;
  slot_state text;
begin
  perform 1 from darkroom.slot s
    where s.project_id = project and s.slot = slot_name and s.job_id = job;
  if found then
    return true;
  end if;
  select p.status::text into status from public."Project" p where p.id = project
     for no key update skip locked;
  if not found then
    return false;
  end if;
  insert into darkroom.slot as s (project_id, slot, job_id, state)
  values (project, slot_name, job, 'open')
  on conflict (project_id, slot) do update
    -- a single image that is requested again keeps the existing one until it is replaced
    set job_id = excluded.job_id, updated_at = now(),
        state = case when s.state = 'done' and s.slot <> 'PACK' then 'done' else 'open' end
  returning s.state into slot_state;
  if slot_state = 'open' and status <> 'PROCESSING' then
    perform darkroom.set_project_status(project, 'PROCESSING');
  end if;
  return true;
end
$$;
comment on function darkroom.open_slot is
  'Opens the slot of a job and sets its project to PROCESSING, unless the job is the last one of '
  'the slot already. Returns false and changes nothing if another session has locked the project.';

drop function if exists darkroom.open_slots(uuid[], boolean);
create or replace function darkroom.open_slots(jobs uuid[]) returns void
language plpgsql as $$
begin
  -- Projects in the same order everywhere, so that two transactions cannot deadlock.
  perform 1 from public."Project" p
    where p.id = any(array(select u.project_id from darkroom.unopened_slot u
                            where u.job_id = any(jobs) and u.source is not null))
    order by p.id for no key update;
  perform darkroom.open_slot(u.job_id, u.project_id, u.slot) from darkroom.unopened_slot u
    where u.job_id = any(jobs) and u.source is not null;
end
$$;
comment on function darkroom.open_slots is
  'Opens the slots of jobs and sets their projects to PROCESSING. Waits for projects that another '
  'session has locked.';

drop function if exists darkroom.record_claim(uuid, text, jsonb, text, jsonb);
create function darkroom.record_claim(job uuid, inout kind text, inout payload jsonb,
  owner text, inout credits jsonb)
language plpgsql as $$
declare
  r darkroom.claimed_job;
  charge record;
  source text;
  opened boolean;
begin
  select * into r from darkroom.claimed_job c where c.job_id = job;
  if not found then
    r := darkroom.record_job(job, kind, payload, owner);
  elsif r.payload is null and payload is not null then -- by a version that recorded no payload of 64 KB
    update darkroom.claimed_job c
       set payload = record_claim.payload, slot = darkroom.slot_of(kind, record_claim.payload),
           project_id = (select p.id from public."Project" p
                          where p.id = record_claim.payload->>'projectId' and p."userId" = owner),
           image_type = case when kind = 'generate-image'
                             then left(record_claim.payload->>'imageType', 40) end
     where c.job_id = job returning * into r;
  end if;
  payload := r.payload;
  kind := r.job_type; -- the price is the one of this type
  if r.slot is null then
    return;
  end if;
  select case when c.state = 'returned' then 'unpaid' else c.source end into source
    from darkroom.charge c where c.job_id = job;
  if not found and r.user_id is not null then
    charge := darkroom.record_charge(r, credits);
    source := charge.source;
    credits := charge.credits;
  end if;
  -- An unpaid job must not change what sellers see. A project that another session has locked is
  -- left for the first step of its job.
  if source <> 'unpaid' and r.project_id is not null then
    opened := darkroom.open_slot(job, r.project_id, r.slot); -- cheaper than `perform`
  end if;
end
$$;
comment on function darkroom.record_claim is
  'At a first claim: records a job and its price, opens its slot and sets its project to '
  'PROCESSING. Returns the recorded type and payload; credits as record_charge(). In single statements, '
  'because starting one that does all of it takes longer than running them.';

-- Another program can make a failed job pending again, by a plain UPDATE.
create or replace function darkroom.was_refunded(job uuid) returns boolean
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  return exists (select 1 from darkroom.charge c where c.job_id = job and c.state = 'returned'
                    and (c.refunded > 0 or exists (
                      select 1 from darkroom.owed_refund o where o.job_id = c.job_id)));
end
$$;
comment on function darkroom.was_refunded is
  'True for a job whose credits went back to its user, or are owed: it must not run again.';

create or replace function darkroom.reopen_charge(c darkroom.charge) returns darkroom.charge
language plpgsql as $$
declare
  r darkroom.charge;
begin
  if c.credits > 0 and darkroom.available_credits(c.user_id) < c.credits then
    return null;
  end if;
  update darkroom.account a set used = a.used + c.credits where a.user_id = c.user_id;
  update darkroom.charge x set state = 'open', refunded = 0 where x.job_id = c.job_id
  returning * into r;
  return r;
end
$$;
comment on function darkroom.reopen_charge is
  'Opens a returned charge that was not refunded, if its user still has the credits; else returns null. '
  'The caller has locked the account.';

create or replace function darkroom.is_paid(job uuid) returns boolean
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  c darkroom.charge;
  j darkroom.claimed_job;
  facts jsonb;
  price int;
begin
  select * into c from darkroom.charge x where x.job_id = job;
  if not found or c.source <> 'unpaid' and c.state <> 'returned' then
    return true; -- a job without a charge names no user or has an invalid payload: brief() says so
  elsif darkroom.was_refunded(job) then
    return false;
  end if;
  -- The user may have paid since, or the jobs that used the payment have failed.
  perform darkroom.lock_account(c.user_id);
  if c.state = 'returned' then
    c := darkroom.reopen_charge(c);
    if c.job_id is null or c.source <> 'unpaid' then
      return c.job_id is not null;
    end if;
  end if;
  j := darkroom.recorded_job(job);
  facts := coalesce(j.payload, (select q.payload from public.job_queue q where q.id = job));
  price := darkroom.credits_of(j.job_type, facts);
  if not darkroom.is_sold(j.job_type, facts)
     or price > 0 and darkroom.available_credits(c.user_id) < price then
    return false;
  end if;
  update darkroom.charge x set source = 'application', credits = price
   where x.job_id = job and x.source = 'unpaid' and x.state = 'open';
  if found then
    update darkroom.account a set used = a.used + price where a.user_id = c.user_id;
  end if;
  return true;
end
$$;
comment on function darkroom.is_paid is
  'Returns whether the payments of its user cover a job. Charges an unpaid job to a payment that '
  'has become available.';

create or replace function darkroom.charge_user(job uuid, payer text, slot text, credits int,
  what text default 'Image for an A+ module') returns boolean
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  balance bigint;
begin
  perform darkroom.lock_account(payer);
  if exists (select 1 from darkroom.charge c where c.job_id = job and c.source = 'worker'
                and c.credits = charge_user.credits) then
    return true;
  end if;
  select coalesce(sum(t.amount), 0) into balance from public."CreditTransaction" t
   where t."userId" = payer;
  if balance < credits then
    return false;
  end if;
  insert into public."CreditTransaction" (id, "userId", amount, type, description, metadata,
                                          "createdAt")
  values ('usage:' || job || ':' || slot, payer, -credits, 'USAGE',
          what, jsonb_build_object('jobId', job, 'by', 'darkroom'), timezone('utc', now()));
  insert into darkroom.charge (job_id, user_id, slot, credits, source)
  values (job, payer, slot, credits, 'worker')
  on conflict (job_id) do update set credits = excluded.credits, source = excluded.source;
  update darkroom.account a set used = a.used + credits where a.user_id = payer;
  return true;
end
$$;
comment on function darkroom.charge_user is
  'Charges a user for a job that darkroom created. Returns false if the balance is too low.';

-- -- refunds ------------------------------------------------------------------------------------

create or replace function darkroom.insert_refund(c darkroom.charge, back bigint,
  out inserted boolean, out rejected text)
language plpgsql as $$
declare
  deferred text;
  usual constant text := 'refund:' || c.job_id || ':' || c.slot;
  refund_id text := usual;
begin
  -- The charge has not been refunded: a row with its id is not darkroom's. Another role inserted it.
  for n in 2..9 loop
    exit when not exists (select 1 from public."CreditTransaction" t where t.id = refund_id);
    refund_id := usual || ':' || n;
  end loop;
  -- Without ON CONFLICT, which a table with rules does not accept.
  insert into public."CreditTransaction" (id, "userId", amount, type, description, metadata,
                                          "createdAt")
  values (refund_id, c.user_id, back, 'REFUND', 'Refund: '
            || lower(replace(split_part(c.slot, ':', 1), '_', ' ')) || ' could not be made',
          jsonb_build_object('jobId', c.job_id, 'slot', c.slot, 'by', 'darkroom'),
          timezone('utc', now()));
  select string_agg(format('%I.%I', n.nspname, k.conname), ', ') into deferred
    from pg_constraint k join pg_namespace n on n.oid = k.connamespace
   where k.conrelid = 'public."CreditTransaction"'::regclass and k.condeferrable;
  if deferred is not null then -- otherwise the whole statement would fail at its end
    execute format('set constraints %s immediate', deferred);
  end if;
  inserted := exists (select 1 from public."CreditTransaction" t where t.id = refund_id);
  if not inserted then
    rejected := 'a trigger on "CreditTransaction" leaves the row out';
  end if;
exception when others then
  if darkroom.is_passing(sqlstate) then
    raise;
  end if;
  inserted := false;
  rejected := sqlerrm;
end
$$;
comment on function darkroom.insert_refund is
  'Inserts the REFUND row of a charge that has none. inserted: false if the row is rejected. '
  'rejected: why a constraint or trigger of the application rejects it; null if it does not.';

create or replace function darkroom.refund(job uuid) returns int
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  c darkroom.charge;
  back bigint;
  tried record;
begin
  select * into c from darkroom.charge x where x.job_id = job;
  if not found or c.state = 'returned' then
    return 0;
  end if;
  perform darkroom.lock_account(c.user_id);
  select * into c from darkroom.charge x where x.job_id = job;
  if c.state = 'returned' or exists (select 1 from public."GeneratedImage" g where g.id = job::text)
     -- of what is delivered, only a candidate that a reviewer rejects goes back
     or c.state = 'delivered' and not exists (
       select 1 from darkroom.batch_item i where i.job_id = job) then
    return 0;
  end if;
  if c.credits > 0 and c.source in ('application', 'worker') then
    update darkroom.account a set used = a.used - c.credits where a.user_id = c.user_id;
    back := greatest(least(c.credits, darkroom.available_credits(c.user_id)), 0);
    if not exists (select 1 from public."User" u where u.id = c.user_id) then
      back := 0;
    end if;
    if back > 0 then
      tried := darkroom.insert_refund(c, back);
      if tried.rejected is not null then
        insert into darkroom.owed_refund (job_id, user_id, credits, reason, retry_at)
        values (job, c.user_id, back, left(tried.rejected, 300), now() + interval '1 second')
        on conflict (job_id) do nothing;
        raise warning 'darkroom: the application''s tables reject the refund of job %: %', job,
          tried.rejected;
      end if;
      if not tried.inserted then
        back := 0;
      end if;
    end if;
  end if;
  update darkroom.charge x set state = 'returned', refunded = coalesce(back, 0)
    where x.job_id = job;
  return coalesce(back, 0);
end
$$;
comment on function darkroom.refund is
  'Ends the charge of a job that has no result and refunds it, once: at most its own price, and at '
  'most what its user paid and has not used. Returns the refunded credits. A refund that the '
  'application''s tables reject is owed: its job ends, and the refund is tried again.';
