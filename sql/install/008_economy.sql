-- 008_economy.sql - images made again at half price: through the provider's batches, within a day.
--
-- Items are put together in chunks. A chunk is a job ('economy-batch') that acts for its items: their
-- own jobs stand in the queue at the end of time, and are ended by the holder of the chunk's lease.
-- What a chunk is called with the provider is written down before anything else happens with it.

-- -- chunks ---------------------------------------------------------------------------------------

create or replace function darkroom.economy_chunks(batch text, items uuid[]) returns int
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  made int;
begin
  -- Fifty: a provider answers a batch when all of it is done, and a result is some 1.4 MB. So the
  -- first images are there early, 70 MB of disk do for one, and one that fails is soon made again.
  with mine as (
    select i.job_id, i.item, i.variant, coalesce(i.model, '') as model,
           (row_number() over (partition by coalesce(i.model, '') order by i.item, i.variant) - 1)
             / 50 as part
      from darkroom.batch_item i
      join public.job_queue q on q.id = i.job_id and q.status = 'pending'
     where i.batch_id = batch and i.job_id = any(items)
  ), chunks as materialized (
    select model, part, gen_random_uuid() as job, min(item) as first_item from mine group by 1, 2
  ), rows as (
    insert into darkroom.economy_chunk (job_id, batch_id, chunk)
    select c.job, batch, coalesce((select max(x.chunk) from darkroom.economy_chunk x
                                    where x.batch_id = batch), 0)
             + row_number() over (order by c.first_item, c.model) from chunks c
    returning job_id, chunk
  ), taken as (
    update darkroom.batch_item i set chunk_job = c.job
      from mine m join chunks c using (model, part)
     where i.batch_id = batch and i.job_id = m.job_id
  )
  insert into public.job_queue (id, job_type, payload, max_retries, priority, created_at, run_at)
  select r.job_id, 'economy-batch', jsonb_build_object('batch', batch, 'chunk', r.chunk), 8, -10,
         clock_timestamp() + r.chunk * interval '1 microsecond',
         case when b.state = 'paused' then 'infinity' else now() end
    from rows r join darkroom.batch b on b.id = batch order by r.chunk;
  get diagnostics made = row_count;
  return made;
end
$$;
comment on function darkroom.economy_chunks is
  'Puts items together, fifty of a model, each lot with a job of its own.';

create or replace function darkroom.economy_items(chunk uuid) returns setof uuid
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select q.id from darkroom.batch_item i
    join public.job_queue q on q.id = i.job_id and q.status = 'pending'
   where i.chunk_job = chunk and i.state = 'queued' order by i.project_id, i.item, i.variant
$$;
comment on function darkroom.economy_items is 'Jobs of a chunk''s items that are not over.';

-- Locks the chunk for its holder; null: somebody else has it, or it is none.
create or replace function darkroom.economy_held(job uuid, lease bigint, worker text)
returns darkroom.economy_chunk
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  c darkroom.economy_chunk;
begin
  if darkroom.holds(job, lease, worker) = 'held' then
    select * into c from darkroom.economy_chunk x where x.job_id = job;
  end if;
  return c;
end
$$;
comment on function darkroom.economy_held is 'The chunk, where this lease holds it.';

create or replace function darkroom.economy_progress(job uuid) returns void
language sql security definer set search_path = pg_catalog, public, pg_temp as $$
  update public.job_queue q set losses = 0, retry_count = 0, busy = 0
   where q.id = job and (q.losses > 0 or q.retry_count > 0 or q.busy > 0)
$$;
comment on function darkroom.economy_progress is
  'A chunk is many calls long: deaths and faults count from where it last got on.';

-- -- the holder asks ------------------------------------------------------------------------------

create or replace function darkroom.economy_load(job uuid, lease bigint, worker text) returns jsonb
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  c darkroom.economy_chunk;
begin
  if darkroom.holds(job, lease, worker) <> 'held' then
    return '{"lost":true}';
  end if;
  select * into c from darkroom.economy_chunk x where x.job_id = job;
  if not found then -- anybody may insert jobs
    return '{"error":"the job belongs to no batch"}';
  end if;
  return jsonb_strip_nulls(jsonb_build_object('state', c.state, 'name', c.name, 'model',
    coalesce(c.model, (select min(i.model) from darkroom.batch_item i where i.chunk_job = job)),
    'input', c.input_file, 'remote', c.remote_id, 'output', c.output_file, 'errors', c.error_file, 'word', c.word,
    'sinceMs', floor(extract(epoch from c.sent_at) * 1000),
    'ageMs', floor(extract(epoch from now() - c.sent_at) * 1000),
    'cancelled', (select b.state = 'cancelled' from darkroom.batch b where b.id = c.batch_id),
    'items', coalesce((select jsonb_agg(i) from darkroom.economy_items(job) i), '[]')));
end
$$;
comment on function darkroom.economy_load is 'How a chunk stands, and which of its items are open.';

create or replace function darkroom.economy_brief(job uuid, lease bigint, worker text, item uuid)
returns jsonb
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  if (darkroom.economy_held(job, lease, worker)).job_id is null then
    return '{"lost":true}';
  elsif not exists (select 1 from darkroom.economy_items(job) i where i = item) then
    return '{"over":true}';
  end if;
  return (select darkroom.brief_of(q) || jsonb_build_object('payload', q.payload::text,
                   'attempt', a.id, 'request', a.request)
            from public.job_queue q
            left join darkroom.attempt a on a.job_id = q.id and a.step = 'economy'
                                        and a.finished_at is null
           where q.id = item);
end
$$;
comment on function darkroom.economy_brief is
  'As brief(), for one item of a chunk; and what was asked for, where it was recorded.';

create or replace function darkroom.economy_attempt(job uuid, lease bigint, worker text, item uuid,
  provider text, model text, request jsonb) returns jsonb
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  c darkroom.economy_chunk := darkroom.economy_held(job, lease, worker);
  a darkroom.attempt;
  worst bigint := (request->>'worstMicrousd')::bigint;
  batch text;
begin
  if c.job_id is null then
    return '{"lost":true}';
  end if;
  select * into a from darkroom.attempt x
   where x.job_id = item and x.step = 'economy' and x.finished_at is null for no key update;
  if found then -- the input is written once more: whoever began died before it went up
    update darkroom.purse p
       set reserved_microusd = p.reserved_microusd + coalesce(worst, 0) - coalesce(a.worst_microusd, 0)
     where p.batch_id = a.batch_id;
    update darkroom.attempt x
       set lease = economy_attempt.lease, worker = economy_attempt.worker,
           model = economy_attempt.model, request = economy_attempt.request, worst_microusd = worst
     where x.id = a.id;
    return jsonb_build_object('attempt', a.id);
  end if;
  batch := darkroom.purse_open(item, worst);
  if batch = '' then
    perform darkroom.batch_pause(c.batch_id, 'the next call could pass the most that it may cost');
    return '{"closed":true}';
  end if;
  insert into darkroom.attempt (job_id, lease, worker, step, round, provider, model, request,
                                batch_id, worst_microusd)
  values (item, lease, worker, 'economy', 0, provider, model, request, batch, worst)
  returning * into a;
  perform darkroom.economy_progress(job);
  return jsonb_build_object('attempt', a.id);
end
$$;
comment on function darkroom.economy_attempt is
  'An item goes into a batch: its record, once, and its place in the purse.';

create or replace function darkroom.economy_features(job uuid, lease bigint, worker text, item uuid,
  features jsonb, done jsonb) returns jsonb
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  if (darkroom.economy_held(job, lease, worker)).job_id is null then
    return '{"lost":true}';
  end if;
  perform darkroom.attempt_end(done);
  perform darkroom.features_keep(item, features)
     from darkroom.batch_item i where i.job_id = item and i.chunk_job = job;
  return '{"saved":true}';
end
$$;
comment on function darkroom.economy_features is
  'What was learnt for one item, for every job of its project.';

create or replace function darkroom.economy_leave(job uuid, lease bigint, worker text, items uuid[])
returns jsonb
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  c darkroom.economy_chunk := darkroom.economy_held(job, lease, worker);
begin
  if c.job_id is null then
    return '{"lost":true}';
  end if;
  perform darkroom.economy_unsent(i, 'not sent')
     from darkroom.economy_items(job) i where i = any(items);
  perform darkroom.economy_chunks(c.batch_id, array(
    select i from darkroom.economy_items(job) i where i = any(items)));
  return '{"left":true}';
end
$$;
comment on function darkroom.economy_leave is
  'Items that do not go with this chunk go with another: it is full, or the purse is empty.';

create or replace function darkroom.economy_unsent(item uuid, why text) returns void
language sql security definer set search_path = pg_catalog, public, pg_temp as $$
  select darkroom.attempt_end(jsonb_build_object('id', a.id, 'outcome', why, 'cost', 0))
    from darkroom.attempt a
   where a.job_id = item and a.step = 'economy' and a.finished_at is null
$$;
comment on function darkroom.economy_unsent is 'What was recorded for an item, and cost nothing.';

-- -- sent, waited for -------------------------------------------------------------------------------

create or replace function darkroom.economy_sending(job uuid, lease bigint, worker text,
  model text) returns jsonb
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  c darkroom.economy_chunk := darkroom.economy_held(job, lease, worker);
  was text;
begin
  if c.job_id is null then
    return '{"lost":true}';
  end if;
  select b.state into was from darkroom.batch b where b.id = c.batch_id;
  if was = 'cancelled' then
    return '{"cancelled":true}';
  elsif was = 'paused' then
    update public.job_queue q
       set status = 'pending', processed_at = null, leased_by = null, lease_until = null,
           run_at = 'infinity'
     where q.id = job;
    return '{"lost":true,"why":"its batch is paused"}';
  end if;
  update darkroom.economy_chunk x
     set state = 'sending', sent_at = now(), model = economy_sending.model
   where x.job_id = job;
  update darkroom.attempt a set sent_at = now()
   where a.job_id in (select darkroom.economy_items(job)) and a.step = 'economy'
     and a.finished_at is null;
  return '{"sending":true}';
end
$$;
comment on function darkroom.economy_sending is
  'From here on there may be a batch with the provider: it is looked for before one is made.';

create or replace function darkroom.economy_sent(job uuid, lease bigint, worker text, remote jsonb)
returns jsonb
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  c darkroom.economy_chunk := darkroom.economy_held(job, lease, worker);
begin
  if c.job_id is null then
    return '{"lost":true}';
  end if;
  update darkroom.economy_chunk x
     set state = 'sent', remote_id = remote->>'id', input_file = nullif(remote->>'input', ''),
         word = remote->>'word'
   where x.job_id = job;
  perform darkroom.economy_progress(job);
  return '{"sent":true}';
end
$$;
comment on function darkroom.economy_sent is 'The batch is there, and this is what it is called.';

create or replace function darkroom.economy_wait(job uuid, lease bigint, worker text, word text,
  delay_ms bigint, why text) returns jsonb
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  c darkroom.economy_chunk := darkroom.economy_held(job, lease, worker);
begin
  if c.job_id is null then
    return '{"lost":true}';
  end if;
  update darkroom.economy_chunk x set word = coalesce(economy_wait.word, x.word), looked_at = now()
   where x.job_id = job;
  update public.job_queue q
     set status = 'pending', processed_at = null, leased_by = null, lease_until = null, losses = 0,
         retry_count = 0,
         busy = 0, error_message = why,
         run_at = case when (select b.state from darkroom.batch b where b.id = c.batch_id)
           = 'cancelled' then least(now() + delay_ms * interval '1 ms', now() + interval '5 s')
           else now() + delay_ms * interval '1 ms' end
   where q.id = job;
  return '{"waits":true}';
end
$$;
comment on function darkroom.economy_wait is
  'Nothing to do for a while: the job goes back, to be looked at again later, and holds no place.';

create or replace function darkroom.economy_over(job uuid, lease bigint, worker text, remote jsonb)
returns jsonb
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  if (darkroom.economy_held(job, lease, worker)).job_id is null then
    return '{"lost":true}';
  end if;
  update darkroom.economy_chunk x
     set state = 'over', word = remote->>'word', output_file = nullif(remote->>'output', ''),
         error_file = nullif(remote->>'errors', ''), looked_at = now()
   where x.job_id = job;
  perform darkroom.economy_progress(job);
  return '{"over":true}';
end
$$;
comment on function darkroom.economy_over is 'The provider is done with it: there are its files.';

create or replace function darkroom.economy_refused(job uuid, lease bigint, worker text)
returns jsonb
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  if (darkroom.economy_held(job, lease, worker)).job_id is null then
    return '{"lost":true}';
  end if;
  perform darkroom.economy_unsent(i, 'refused') from darkroom.economy_items(job) i;
  update darkroom.economy_chunk x
     set state = 'open', name = gen_random_uuid(), remote_id = null, input_file = null, word = null,
         sent_at = null
   where x.job_id = job;
  return '{"refused":true}';
end
$$;
comment on function darkroom.economy_refused is
  'The provider did none of it, and asks nothing for it: as if it had not been sent.';

-- -- how items end ----------------------------------------------------------------------------------

create or replace function darkroom.economy_settle(job uuid, lease bigint, worker text, item uuid,
  image jsonb, done jsonb) returns jsonb
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  if (darkroom.economy_held(job, lease, worker)).job_id is null then
    return '{"lost":true}';
  end if;
  perform 1 from public.job_queue q where q.id = item and q.status = 'pending' for no key update;
  if not found then
    return '{"settled":true,"already":true}';
  end if;
  perform darkroom.attempt_end(done), darkroom.economy_took(done);
  if not darkroom.candidate(item, image) then
    return '{"error":"the item belongs to no batch"}';
  end if;
  perform darkroom.economy_progress(job);
  return '{"settled":true}';
end
$$;
comment on function darkroom.economy_settle is
  'An item''s image is stored: its candidate, its job, the attempt, in one transaction.';

create or replace function darkroom.economy_fail(job uuid, lease bigint, worker text, item uuid,
  reason text, done jsonb) returns jsonb
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  c darkroom.economy_chunk := darkroom.economy_held(job, lease, worker);
begin
  if c.job_id is null then
    return '{"lost":true}';
  end if;
  perform 1 from public.job_queue q where q.id = item and q.status = 'pending' for no key update;
  if not found then
    return '{"settled":true,"already":true}';
  end if;
  perform darkroom.attempt_end(done), darkroom.economy_took(done);
  if c.state = 'open' then
    perform darkroom.economy_unsent(item, 'not sent');
  end if;
  perform darkroom.end_failed(item, reason);
  perform darkroom.economy_progress(job);
  return '{"settled":true}';
end
$$;
comment on function darkroom.economy_fail is
  'An item has failed for good, with the refund; its chunk goes on.';

create or replace function darkroom.economy_took(done jsonb) returns void
language sql security definer set search_path = pg_catalog, public, pg_temp as $$
  update darkroom.attempt a
     set ms = extract(epoch from coalesce(a.finished_at, now()) - a.sent_at) * 1000
   where a.id = (done->>'id')::bigint and a.step = 'economy'
$$;
comment on function darkroom.economy_took is 'From the sending of the batch to its result.';

create or replace function darkroom.economy_drop(job uuid, reason text) returns int
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  c darkroom.economy_chunk;
  cancelled boolean;
  unbilled boolean;
  left_over uuid;
  refunded int := 0;
begin
  select * into c from darkroom.economy_chunk x where x.job_id = job;
  if not found then
    return 0;
  end if;
  cancelled := (select b.state = 'cancelled' from darkroom.batch b where b.id = c.batch_id);
  unbilled := c.state = 'open' or c.word = 'cancelled';
  for left_over in select darkroom.economy_items(job) loop
    if unbilled then
      perform darkroom.economy_unsent(left_over, case when c.state = 'open' then 'not sent'
                                                 else 'cancelled' end);
    else -- it may have been made, and its line lost on the way
      perform darkroom.attempt_end(jsonb_build_object('id', a.id, 'outcome', 'lost',
                                                      'error', reason))
         from darkroom.attempt a
        where a.job_id = left_over and a.step = 'economy' and a.finished_at is null;
    end if;
    refunded := refunded + darkroom.end_failed(left_over,
      case when cancelled then 'Cancelled.' else reason end);
    if cancelled then
      update darkroom.batch_item i set state = 'cancelled', error = null where i.job_id = left_over;
    end if;
  end loop;
  return refunded;
end
$$;
comment on function darkroom.economy_drop is
  'Items that a chunk leaves behind have failed, or were cancelled; what may have been billed counts.';

create or replace function darkroom.economy_end(job uuid, lease bigint, worker text, reason text)
returns jsonb
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  held text := darkroom.holds(job, lease, worker);
begin
  if held = 'settled' then
    return '{"settled":true,"already":true}';
  elsif held <> 'held' then
    return '{"lost":true}';
  end if;
  perform darkroom.economy_drop(job, reason);
  perform darkroom.complete(job);
  return '{"settled":true}';
end
$$;
comment on function darkroom.economy_end is
  'A chunk is done: what it has not settled has no result, and fails as such.';

do $$ begin perform darkroom.close_doors(); end $$;
