-- 018_webhooks.sql - events for the addresses that `darkroom work --webhook` names.
--
-- A trigger writes an event in the transaction that ends a job, if a worker has named a webhook
-- during the last day. Any worker with that webhook delivers it, at least once: it takes the event
-- for two minutes, and another one takes it after that. The address itself is not stored, since it
-- may contain a token: only its digest, and the scheme and host for operators.

create table if not exists darkroom.webhook (
  id text primary key,
  shown text not null,
  created_at timestamptz not null default now(),
  seen_at timestamptz not null default now()
);
comment on table darkroom.webhook is 'An address to which workers deliver events.';
comment on column darkroom.webhook.id is 'Digest of the address.';
comment on column darkroom.webhook.shown is 'Scheme and host of the address, for operators.';
comment on column darkroom.webhook.created_at is 'When a worker named it first.';
comment on column darkroom.webhook.seen_at is
  'When a worker named it last, by the minute. Events are written for a day after that.';

create table if not exists darkroom.webhook_event (
  id bigint generated always as identity primary key,
  event_id uuid not null,
  webhook text not null references darkroom.webhook on delete cascade,
  type text not null,
  job_id uuid,
  batch_id text,
  data jsonb not null,
  cost_microusd bigint,
  created_at timestamptz not null default now(),
  due_at timestamptz not null default now(),
  attempts int not null default 0,
  state text not null default 'waiting' check (state in ('waiting', 'delivered', 'given_up')),
  ended_at timestamptz,
  last_error text
);
create index if not exists webhook_event_due on darkroom.webhook_event (due_at)
  where state = 'waiting';
create index if not exists webhook_event_ended on darkroom.webhook_event (ended_at)
  where state <> 'waiting';
comment on table darkroom.webhook_event is
  'An event for one webhook. Delivered ones stay for a day, those given up for a month.';
comment on column darkroom.webhook_event.id is 'Number of the row.';
comment on column darkroom.webhook_event.event_id is
  'The header webhook-id: the same for each delivery of the event, and for all webhooks.';
comment on column darkroom.webhook_event.webhook is 'The webhook.';
comment on column darkroom.webhook_event.type is
  'job.completed, job.failed, pack.completed or batch.ended.';
comment on column darkroom.webhook_event.job_id is 'The job that ended. Null for a batch.';
comment on column darkroom.webhook_event.batch_id is 'The batch that ended. Null for a job.';
comment on column darkroom.webhook_event.data is 'What the receiver is told, without the cost.';
comment on column darkroom.webhook_event.cost_microusd is
  'Cost of the calls to models, in millionths of a US dollar; told only with --webhook-cost.';
comment on column darkroom.webhook_event.created_at is 'When the job or batch ended.';
comment on column darkroom.webhook_event.due_at is
  'When it is delivered next; two minutes later while a worker delivers it.';
comment on column darkroom.webhook_event.attempts is 'How often a worker has tried to deliver it.';
comment on column darkroom.webhook_event.state is
  'waiting; delivered: the receiver answered 2xx; given_up after a day, or when the receiver '
  'answered 410.';
comment on column darkroom.webhook_event.ended_at is 'When it was delivered or given up.';
comment on column darkroom.webhook_event.last_error is 'Why the last delivery failed.';

create table if not exists darkroom.webhook_batch (
  batch_id text primary key references darkroom.batch on delete cascade,
  noted_at timestamptz not null default now()
);
comment on table darkroom.webhook_batch is 'A batch whose end was written as an event.';
comment on column darkroom.webhook_batch.batch_id is 'The batch.';
comment on column darkroom.webhook_batch.noted_at is 'When the event was written.';

-- -- events -----------------------------------------------------------------------------------------

create or replace function darkroom.add_webhook_event(type text, job uuid, batch text, data jsonb,
  cost bigint) returns void
language sql security definer set search_path = pg_catalog, public, pg_temp as $$
  insert into darkroom.webhook_event (event_id, webhook, type, job_id, batch_id, data, cost_microusd)
  select e.id, w.id, add_webhook_event.type, job, batch, data, cost
    from (select gen_random_uuid() as id) e, darkroom.webhook w
   where w.seen_at > now() - interval '1 day'
$$;
comment on function darkroom.add_webhook_event is
  'Writes an event for each webhook that a worker has named during the last day.';

create or replace function darkroom.webhook_images(pack uuid) returns jsonb
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
           'slot', p.slot, 'jobId', p.job_id,
           'status', case p.state when 'ready' then 'completed' else p.state end,
           'imageUrl', g.url)) order by p.ord)
    from darkroom.pack_parts(pack) p
    left join public."GeneratedImage" g on g.id = p.job_id::text
$$;
comment on function darkroom.webhook_images is 'Returns the parts of a pack for its event.';

create or replace function darkroom.webhook_job_data(q public.job_queue, is_pack boolean)
returns jsonb
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select jsonb_strip_nulls(jsonb_build_object(
    'jobId', q.id, 'jobType', q.job_type, 'status', q.status, 'userId', q.user_id,
    'projectId', coalesce(i.project_id, c.project_id),
    'imageType', coalesce(i.type, c.image_type),
    'packId', (select k.parent_id from darkroom.child_job k
                 join darkroom.pack p on p.job_id = k.parent_id where k.job_id = q.id),
    'batchId', i.batch_id, 'item', i.item, 'variant', i.variant,
    'imageUrl', case when q.status = 'completed' then coalesce(i.url, g.url) end,
    'width', case when q.status = 'completed' then coalesce(i.width, g.width) end,
    'height', case when q.status = 'completed' then coalesce(i.height, g.height) end,
    'message', case when q.status = 'failed' then left(q.error_message, 1000) end,
    'images', case when is_pack then darkroom.webhook_images(q.id) end))
    from (select 1) x
    left join darkroom.claimed_job c on c.job_id = q.id
    left join darkroom.batch_item i on i.job_id = q.id
    left join public."GeneratedImage" g on g.id = q.id::text
$$;
comment on function darkroom.webhook_job_data is 'Returns what a receiver is told about a job.';

create or replace function darkroom.add_job_event(q public.job_queue) returns void
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  is_pack constant boolean := exists (select 1 from darkroom.pack p where p.job_id = q.id);
begin
  perform darkroom.add_webhook_event(
    case when is_pack then 'pack.completed' else 'job.' || q.status end, q.id, null,
    darkroom.webhook_job_data(q, is_pack),
    (select sum(a.cost_microusd)::bigint from darkroom.model_call a
      where a.job_id = q.id
         or is_pack and a.job_id in (select k.job_id from darkroom.child_job k
                                      where k.parent_id = q.id)));
exception when others then -- the job ends without its event
  if darkroom.is_passing(sqlstate) then
    raise;
  end if;
  raise warning 'darkroom: the end of job % cannot be written for webhooks: %', q.id, sqlerrm;
end
$$;
comment on function darkroom.add_job_event is 'Writes the event of a job that has just ended.';

-- Without a webhook it reads one empty table, and begins no subtransaction.
create or replace function darkroom.note_end_of(q public.job_queue) returns void
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  if exists (select 1 from darkroom.webhook w where w.seen_at > now() - interval '1 day') then
    perform darkroom.add_job_event(q);
  end if;
end
$$;
comment on function darkroom.note_end_of is
  'Writes the event of a job that has just ended, if a worker has a webhook.';

create or replace function darkroom.note_job_end() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  perform darkroom.note_end_of(new);
  -- Functions of darkroom end the charge first. Another program's plain UPDATE leaves it open.
  if exists (select 1 from darkroom.charge c where c.job_id = new.id and c.state = 'open') then
    insert into darkroom.deleted_job (job_id) values (new.id) on conflict do nothing;
    perform pg_notify('darkroom_jobs', '');
  end if;
  return null;
end
$$;
comment on function darkroom.note_job_end is
  'Writes the event of a job in the transaction that ends it, and notes a job that another program has ended, '
  'so that a worker settles it.';
create or replace trigger darkroom_note_end after update of status on public.job_queue
  for each row when (new.status in ('completed', 'failed') and old.status is distinct from new.status)
  execute function darkroom.note_job_end();

-- Not a trigger: of two items that end at once, neither would see that it is the last one.
create or replace function darkroom.note_ended_batches() returns void
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  b record;
begin
  -- Its failed items were queued again: its end is an event of its own.
  delete from darkroom.webhook_batch n
   where exists (select 1 from darkroom.batch_item i
                  where i.batch_id = n.batch_id and i.state in ('waiting', 'queued'));
  for b in
    select t.id, t.state from darkroom.batch t
     where t.state <> 'filling'
       and t.created_at >= (select min(w.created_at) from darkroom.webhook w)
       and exists (select 1 from darkroom.batch_item i where i.batch_id = t.id)
       and not exists (select 1 from darkroom.batch_item i
                        where i.batch_id = t.id and i.state in ('waiting', 'queued'))
       and not exists (select 1 from darkroom.webhook_batch n where n.batch_id = t.id)
     order by t.created_at limit 20
  loop
    insert into darkroom.webhook_batch (batch_id) values (b.id) on conflict do nothing;
    continue when not found; -- another worker does it
    perform darkroom.add_webhook_event('batch.ended', null, b.id, (
        select jsonb_build_object('batchId', b.id, 'status',
                 case b.state when 'cancelled' then 'cancelled' else 'ended' end,
                 'images', count(distinct i.item), 'candidates', count(*),
                 'completed', count(*) filter (where i.state = 'done'),
                 'failed', count(*) filter (where i.state = 'failed'),
                 'cancelled', count(*) filter (where i.state = 'cancelled'))
          from darkroom.batch_item i where i.batch_id = b.id),
      (select g.spent_microusd from darkroom.budget g where g.batch_id = b.id));
  end loop;
end
$$;
comment on function darkroom.note_ended_batches is
  'Writes the events of batches without open items, once. Batches from before the first webhook are '
  'left out.';

-- -- delivery ---------------------------------------------------------------------------------------

create or replace function darkroom.keep_webhooks(webhooks jsonb) returns boolean
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  insert into darkroom.webhook as w (id, shown)
  select x.id, left(x.shown, 200) from jsonb_to_recordset(webhooks) x(id text, shown text)
   where not exists (select 1 from darkroom.webhook o
                      where o.id = x.id and o.seen_at > now() - interval '1 minute')
   order by x.id -- locked in one order
  on conflict (id) do update set seen_at = now();
  if not found then
    return false;
  end if;
  -- No worker may have had the webhook for a day.
  update darkroom.webhook_event e
     set state = 'given_up', ended_at = now(),
         last_error = coalesce(e.last_error, 'no worker has delivered it')
   where e.id in (select o.id from darkroom.webhook_event o
                   where o.state = 'waiting' and o.due_at < now()
                     and o.created_at < now() - interval '25 hours'
                   limit 1000 for update skip locked);
  delete from darkroom.webhook_event e
   where e.id in (select o.id from darkroom.webhook_event o
                   where o.state <> 'waiting' and o.ended_at < now() - interval '1 day'
                     and (o.state = 'delivered' or o.ended_at < now() - interval '30 days')
                   order by o.ended_at limit 1000 for update skip locked);
  return true;
end
$$;
comment on function darkroom.keep_webhooks is
  'Records, once a minute, that a worker has these webhooks; gives up events that no worker can '
  'deliver, and deletes those that ended long ago.';

create or replace function darkroom.claim_webhook_events(webhooks jsonb, most int, with_cost boolean)
returns jsonb
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  reply jsonb;
begin
  perform darkroom.keep_webhooks(webhooks);
  perform darkroom.note_ended_batches();
  with due as materialized (
    select e.id from darkroom.webhook_event e
     where e.state = 'waiting' and e.due_at <= now()
       and e.webhook in (select x.id from jsonb_to_recordset(webhooks) x(id text))
     order by e.due_at limit claim_webhook_events.most for no key update skip locked
  ), taken as (
    update darkroom.webhook_event e
       set due_at = now() + interval '2 minutes', attempts = e.attempts + 1
      from due where e.id = due.id
    returning e.*
  )
  select jsonb_agg(jsonb_build_object('id', t.id, 'eventId', t.event_id, 'webhook', t.webhook,
           'attempts', t.attempts,
           'body', jsonb_build_object('type', t.type,
             'timestamp', to_char(t.created_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
             'data', t.data || case when with_cost and t.cost_microusd is not null
               then jsonb_build_object('costUsd', t.cost_microusd / 1e6) else '{}' end)::text)
           order by t.id)
    into reply from taken t;
  return jsonb_build_object('events', coalesce(reply, '[]'));
end
$$;
comment on function darkroom.claim_webhook_events is
  'Returns events that are due for these webhooks, at most `most`, and takes them for two minutes. '
  'Registers the webhooks.';

create or replace function darkroom.end_webhook_event(event bigint, result text, reason text,
  delay_ms bigint) returns jsonb
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  new_state text;
begin
  update darkroom.webhook_event e
     set state = case when result = 'delivered' then 'delivered'
                      when result = 'given_up' or e.created_at < now() - interval '1 day'
                        then 'given_up'
                      else 'waiting' end,
         due_at = now() + least(greatest(delay_ms, 0), 86400000) * interval '1 ms',
         ended_at = case when result <> 'retry' or e.created_at < now() - interval '1 day'
                         then now() end,
         last_error = case when result <> 'delivered' then left(reason, 300) end
   where e.id = event and e.state = 'waiting'
  returning e.state into new_state;
  return jsonb_build_object('state', new_state);
end
$$;
comment on function darkroom.end_webhook_event is
  'Records the result of a delivery: delivered, retry after a delay, or given_up. A retry of an '
  'event that is older than a day gives it up.';

create or replace function darkroom.webhook_health() returns jsonb
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select jsonb_build_object(
    'webhooks', (select count(*) from darkroom.webhook w where w.seen_at > now() - interval '1 day'),
    'waiting', count(*) filter (where e.state = 'waiting'),
    'retried', count(*) filter (where e.state = 'waiting' and e.attempts > 1),
    'oldestSeconds', coalesce(round(extract(epoch from now() - min(e.created_at)
                                            filter (where e.state = 'waiting'))), 0),
    'givenUp', count(*) filter (where e.state = 'given_up'),
    'where', (array_agg(w.shown order by e.id desc) filter (where e.last_error is not null))[1],
    'why', (array_agg(e.last_error order by e.id desc) filter (where e.last_error is not null))[1])
    from darkroom.webhook_event e join darkroom.webhook w on w.id = e.webhook
   where e.state <> 'delivered'
$$;
comment on function darkroom.webhook_health is
  'Returns how many events wait or were given up during the last month, and why, for doctor.';
