-- 004_commit.sql - how a job ends: committed or failed. Each function is one atomic statement that
-- checks job, lease and worker. Repeated after a lost reply, it changes nothing and says so.

create or replace function darkroom.finish_call(done jsonb) returns void
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  a darkroom.model_call;
  cost bigint := (done->>'cost')::bigint;
  status int := coalesce((done->>'status')::int, 0);
begin
  if done is null then
    return;
  end if;
  select * into a from darkroom.model_call x where x.id = (done->>'id')::bigint for no key update;
  if not found then
    return;
  end if;
  update darkroom.model_call x
     set finished_at = coalesce(x.finished_at, now()), outcome = done->>'outcome',
         http_status = (done->>'status')::int, request_id = done->>'requestId',
         usage = done->'usage', cost_microusd = cost, ms = (done->>'ms')::bigint,
         error = done->>'error'
   where x.id = a.id;
  if done ? 'rejection' then
    perform darkroom.record_rejection(a.id, a.job_id, done->'rejection');
  end if;
  if done->>'outcome' = 'ok' then -- progress: a worker that dies later did not die of this job
    update public.job_queue q set darkroom_losses = 0 where q.id = a.job_id
      and q.darkroom_losses > 0;
  end if;
  if a.batch_id is not null then
    -- An error response costs nothing. A lost response may have cost the maximum. The true outcome
    -- can follow one that was recorded as interrupted: the budget then changes by the difference.
    update darkroom.budget p
       set reserved_microusd = p.reserved_microusd
             - case when a.finished_at is null then coalesce(a.max_cost_microusd, 0) else 0 end,
           spent_microusd = p.spent_microusd + coalesce(cost,
             case when status = 0 or status between 200 and 299 then a.max_cost_microusd end, 0)
             - case when a.finished_at is null then 0 else coalesce(a.cost_microusd,
                 case when coalesce(a.http_status, 0) = 0 or a.http_status between 200 and 299
                      then a.max_cost_microusd end, 0) end
     where p.batch_id = a.batch_id;
  end if;
end
$$;
comment on function darkroom.finish_call is
  'Records the outcome of a paid call, and why its answer was rejected, and settles its budget '
  'reservation.';

create or replace function darkroom.lease_state(job uuid, lease bigint, worker text) returns text
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  q public.job_queue;
begin
  select * into q from public.job_queue j where j.id = job for no key update;
  if not found then -- deleted, perhaps after another worker had delivered it
    return case when exists (select 1 from darkroom.charge c where c.job_id = job
                                and c.state = 'delivered') then 'lost' else 'gone' end;
  elsif q.darkroom_leased_by = 'children' then -- an open pack: no worker holds it
    return 'lost';
  elsif q.darkroom_lease is distinct from lease_state.lease then
    -- a cancelled job is of no use to another worker
    return case when q.status = 'failed' then 'gone' else 'lost' end;
  end if;
  if q.status = 'processing' and q.darkroom_leased_by = worker then
    return 'held';
  end if;
  return case when q.darkroom_leased_by = worker and q.status = 'completed' then 'completed'
              when q.darkroom_leased_by = worker and q.status = 'failed' then 'failed'
              else 'lost' end;
end
$$;
comment on function darkroom.lease_state is
  'Returns held; completed or failed if this same lease ended the job before; lost; gone if the '
  'job was deleted or has failed under another lease.';

create or replace function darkroom.refusal(held text) returns jsonb
language sql immutable set search_path = pg_catalog, pg_temp as $$
  select case when held = 'gone' then
      jsonb_build_object('lost', true, 'gone', true, 'why',
        'the job was cancelled, or it, its project or its user was deleted')
    else '{"lost":true}'::jsonb end
$$;
comment on function darkroom.refusal is
  'Returns the reply to a worker that does not hold the job. "gone" says that no worker will: the '
  'worker removes what it has stored for the job.';

create or replace function darkroom.commit_state(job uuid, lease bigint, worker text) returns text
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  held text := darkroom.lease_state(job, lease, worker);
  project text;
begin
  if held not in ('held', 'failed') then
    return held;
  end if;
  project := darkroom.project_of(job);
  perform 1 from public."Project" p where p.id = project for key share;
  if found then
    -- Another program has failed the job. Its object is of no use, unless an earlier run stored the image.
    return case when held <> 'failed' then held
                when exists (select 1 from public."GeneratedImage" g where g.id = job::text) then 'lost'
                else 'gone' end;
  end if;
  perform darkroom.require_visible('public."Project"');
  if held = 'held' then
    perform darkroom.fail_permanently(job, 'The project was deleted before its content was ready.');
  end if;
  return 'gone';
end
$$;
comment on function darkroom.commit_state is
  'Returns the state of a lease before a commit: held, completed, lost or gone. Fails the job if '
  'its project was deleted meanwhile.';

create or replace function darkroom.begin_commit(job uuid, lease bigint, worker text, done jsonb,
  image jsonb default null) returns jsonb
language plpgsql as $$
declare
  held constant text := darkroom.commit_state(job, lease, worker);
begin
  if held = 'completed' then
    return '{"committed":true,"already":true}';
  elsif held in ('held', 'gone') then
    perform darkroom.finish_call(done);
    if image is not null then -- also what the worker is told to remove, in case it cannot
      perform darkroom.record_object(job, image);
    end if;
  end if;
  return case when held <> 'held' then darkroom.refusal(held) end;
end
$$;
comment on function darkroom.begin_commit is
  'Begins a commit: checks the lease, ends the paid call and records the object of an image. '
  'Returns null if the caller may commit, otherwise the reply to the worker.';

create or replace function darkroom.project_of(job uuid) returns text
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  item_project text;
begin
  select i.project_id into item_project from darkroom.batch_item i where i.job_id = job;
  return case when found then item_project else (darkroom.recorded_job(job)).project_id end;
end
$$;
comment on function darkroom.project_of is
  'Returns the project that a job was claimed for; null if it had none.';

create or replace function darkroom.begin_call(job uuid, lease bigint, worker text, step text,
  call_index int, provider text, model text, request jsonb, done jsonb) returns jsonb
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  held text := darkroom.lease_state(job, lease, worker);
  new_id bigint;
  batch text;
begin
  if held <> 'held' then
    return darkroom.refusal(held);
  end if;
  perform darkroom.finish_call(done);
  select c.id into new_id from darkroom.model_call c
   where c.job_id = job and c.lease = begin_call.lease and c.step = begin_call.step
     and c.call_index = begin_call.call_index and c.finished_at is null;
  if found then -- a repetition, because the first reply was lost: nothing was sent yet
    return jsonb_build_object('attempt', new_id);
  end if;
  batch := darkroom.reserve_budget(job, (request->>'worstMicrousd')::bigint);
  if batch = '' then
    perform darkroom.pause_on_budget(job);
    return '{"lost":true,"why":"its batch has reached the most that it may cost"}';
  end if;
  insert into darkroom.model_call (job_id, lease, worker, step, call_index, provider, model,
                                   request, batch_id, max_cost_microusd)
  values (job, lease, worker, step, call_index, provider, model, request, batch,
          (request->>'worstMicrousd')::bigint) returning id into new_id;
  return jsonb_build_object('attempt', new_id);
end
$$;
comment on function darkroom.begin_call is
  'Records a paid call before it is sent. Refused if the lease is stale: then nothing is sent.';

create or replace function darkroom.bounded_text(value text) returns text
language sql immutable set search_path = pg_catalog, pg_temp as $$
  select left(value, 20000)
$$;
comment on function darkroom.bounded_text is
  'Returns the beginning of a text of the application, which may have any length: the program reads no more.';

create or replace function darkroom.text_hash(p public."Project") returns text
language sql immutable set search_path = pg_catalog, pg_temp as $$
  select md5(concat_ws(E'\x01', darkroom.bounded_text(p."productName"),
                       darkroom.bounded_text(p.description), darkroom.bounded_text(p."productCategory")))
$$;
comment on function darkroom.text_hash is 'Hash of the text from which features are extracted.';

create or replace function darkroom.text_only_of(i darkroom.batch_item) returns jsonb
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select (b.options->'textOnly') || jsonb_strip_nulls(jsonb_build_object(
           'plate', d.detail->'plate', 'content', d.detail->'composition'->'content',
           'layoutBefore', d.detail->'composition'->'layout',
           'made', (select jsonb_object_agg(f.key, f.value) from jsonb_each(d.detail) f
                     where f.key in ('provider', 'model', 'prompt', 'promptVersion', 'template',
                                     'task', 'transparent', 'quality', 'askedWidth',
                                     'askedHeight'))))
    from darkroom.batch b left join darkroom.image_detail d on d.image_id = i.source_id
   where b.id = i.batch_id and jsonb_typeof(b.options->'textOnly') = 'object'
$$;
comment on function darkroom.text_only_of is
  'Returns what to render again for an item of `regenerate --text-only`: the options of its batch, '
  'with plate, texts and layout of the image. Null for other items.';

-- Not stable: a stable function reads with the snapshot of its caller, to which a table that the application
-- has rewritten meanwhile (alter column type) looks empty. Statements of a volatile one see it.
create or replace function darkroom.brief_of(q public.job_queue) returns jsonb
language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  p public."Project";
  it darkroom.batch_item;
  texts jsonb;
  photos record;
  payload jsonb := darkroom.payload_of(q.id, q.payload);
begin
  -- any user may insert jobs: only an item of a batch counts
  if q.job_type = 'regenerate-image' then
    select * into it from darkroom.batch_item i where i.job_id = q.id;
    if not found or it.project_id is distinct from payload->>'projectId'
       or it.type is distinct from payload->>'imageType' then
      return '{"error":"the job belongs to no batch"}';
    end if;
    texts := darkroom.text_only_of(it);
    if texts->>'brandKit' is not null and not exists (select 1 from public."BrandKit" b
         where b.id = texts->>'brandKit' and b."userId" = q.user_id) then
      return '{"error":"the brand kit of the batch is not one of this user"}';
    end if;
  end if;
  if jsonb_typeof(payload) is distinct from 'object' then
    return '{"error":"the job''s payload is not an object"}';
  end if;
  if q.user_id is null then
    return '{"error":"the job names no user"}';
  end if;
  select * into p from public."Project" x where x.id = payload->>'projectId';
  if not found then
    perform darkroom.require_visible('public."Project"');
    return '{"error":"the project does not exist"}';
  end if;
  if p."userId" <> q.user_id then
    return '{"error":"the project belongs to another user"}';
  end if;
  -- once: without an index on "projectId" this reads the whole table
  select count(*) as total, min(x.url) filter (where x.place = 1) as main,
         jsonb_agg(jsonb_build_object('url', x.url, 'originalUrl', x."originalUrl") order by x.place)
           filter (where x.place <= 16) as first_sixteen
    into photos
    from (select darkroom.bounded_text(i.url) as url,
                 darkroom.bounded_text(i."originalUrl") as "originalUrl",
                 row_number() over (order by i."order", i."createdAt", i.id) as place
            from public."ProjectImage" i where i."projectId" = p.id) x;
  return jsonb_build_object(
    'jobId', q.id, 'userId', q.user_id, 'projectId', p.id,
    'projectName', darkroom.bounded_text(p.name),
    'productName', darkroom.bounded_text(p."productName"),
    'description', darkroom.bounded_text(p.description),
    'category', darkroom.bounded_text(p."productCategory"),
    'photoUrl', photos.main, 'photoCount', photos.total, 'photos', photos.first_sixteen,
    'brand', (select jsonb_build_object('name', darkroom.bounded_text(b.name),
                'primary', left(b."primaryColor", 100), 'secondary', left(b."secondaryColor", 100),
                'accent', left(b."accentColor", 100), 'fontFamily', left(b."fontFamily", 1000),
                'logoUrl', darkroom.bounded_text(b."logoUrl"))
                from public."BrandKit" b
               where b.id = coalesce(texts->>'brandKit', p."brandKitId") and b."userId" = q.user_id),
    'features', (select f.features from darkroom.product_features f
                  where f.project_id = p.id and f.hash = darkroom.text_hash(p)),
    'make', case when it.batch_id is not null then jsonb_build_object('batch', it.batch_id,
      'item', it.item, 'variant', it.variant, 'model', it.model, 'quality', it.quality,
      'prompt', (select b.options->>'prompt' from darkroom.batch b where b.id = it.batch_id),
      'textOnly', texts) end,
    'createdMs', darkroom.epoch_ms(q.created_at, coalesce((select c.recorded_at
                   from darkroom.claimed_job c where c.job_id = q.id), now())));
end
$$;
comment on function darkroom.brief_of is
  'Returns everything that a job needs to know about its project, as one object.';

create or replace function darkroom.brief(job uuid, lease bigint, worker text, unpaid text)
returns jsonb
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  held text := darkroom.lease_state(job, lease, worker);
  facts jsonb;
begin
  if held <> 'held' then
    return darkroom.refusal(held);
  end if;
  facts := (select darkroom.brief_of(q) from public.job_queue q where q.id = job);
  if facts ? 'error' then
    return facts;
  elsif facts->'make'->>'batch' is not null and darkroom.is_paused(job) then -- since its claim
    perform darkroom.return_to_queue(array[job]);
    return '{"lost":true,"why":"its batch is paused"}';
  elsif not darkroom.is_paid(job) then
    if unpaid = 'fail' or darkroom.was_refunded(job) then
      return '{"error":"no payment of the user covers the job","unpaid":true}';
    elsif unpaid = 'wait' then
      perform darkroom.wait_for_payment(job);
      return '{"lost":true,"why":"the job waits until its user has paid for it"}';
    end if;
  end if;
  perform darkroom.open_slots(array[job]);
  return facts;
end
$$;
comment on function darkroom.brief(uuid, bigint, text, text) is
  'Returns brief_of() to the worker that holds the job. `unpaid` says what happens to a job that '
  'no payment covers: fail, wait or run.';

create or replace function darkroom.brief(job uuid, lease bigint, worker text) returns jsonb
language sql security definer set search_path = pg_catalog, public, pg_temp as $$
  select darkroom.brief(job, lease, worker, 'fail')
$$;
comment on function darkroom.brief(uuid, bigint, text) is
  'The same for workers of earlier versions, which do not know the setting: unpaid jobs fail.';

create or replace function darkroom.wait_for_payment(job uuid) returns void
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  perform darkroom.return_to_queue(array[job],
            now() + least(greatest(now() - case when isfinite(q.created_at) then q.created_at end,
                                   interval '10 s'), interval '10 min'),
            'Waiting for payment: no credits have been charged for this yet.')
     from public.job_queue q where q.id = job;
end
$$;
comment on function darkroom.wait_for_payment is
  'Returns an unpaid job to the queue, for ten seconds at first and for ten minutes later. Spends '
  'no attempt.';

create or replace function darkroom.store_features(job uuid, features jsonb) returns void
language sql security definer set search_path = pg_catalog, public, pg_temp as $$
  insert into darkroom.product_features (project_id, hash, features)
  select p.id, darkroom.text_hash(p), store_features.features
    from public."Project" p where p.id = darkroom.project_of(job)
  on conflict (project_id, hash) do update set features = excluded.features, extracted_at = now()
$$;
comment on function darkroom.store_features is
  'Stores the extracted features for the project of a job.';

create or replace function darkroom.save_features(job uuid, lease bigint, worker text,
  features jsonb, done jsonb) returns jsonb
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  held text := darkroom.lease_state(job, lease, worker);
begin
  if held <> 'held' then
    return darkroom.refusal(held);
  end if;
  perform darkroom.finish_call(done);
  perform darkroom.store_features(job, features);
  return '{"saved":true}';
end
$$;
comment on function darkroom.save_features is
  'Stores the features for all jobs of the project. Checks the lease.';

create or replace function darkroom.complete_job(job uuid) returns void
language sql security definer set search_path = pg_catalog, public, pg_temp as $$
  -- The charge first: a job that ends with an open charge was ended by another program, see 023.
  update darkroom.charge c set state = 'delivered' where c.job_id = job and c.state = 'open';
  update public.job_queue set status = 'completed', completed_at = now(), error_message = null,
         darkroom_lease_until = null where id = job;
  delete from darkroom.kept_answer d
   where d.job_id = job or d.job_id = (select k.former from darkroom.kept_answer k where k.job_id = job)
$$;
comment on function darkroom.complete_job is
  'Completes a job and its charge. The caller has checked the lease.';

create or replace function darkroom.record_object(job uuid, image jsonb) returns void
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  parts text[] := regexp_match(image->>'url', '/storage/v1/object/public/([^/?#]+)/([^?#]+)');
  r darkroom.claimed_job := darkroom.recorded_job(job);
begin
  insert into darkroom.stored_object as o (bucket, path, job_id, user_id, project_id)
  select coalesce(image->>'bucket', parts[1]), coalesce(image->>'path', parts[2]), job, r.user_id,
         darkroom.project_of(job)
   where coalesce(image->>'bucket', parts[1]) is not null
     and coalesce(image->>'path', parts[2]) is not null
  on conflict (bucket, path) do update
    set job_id = excluded.job_id, user_id = excluded.user_id, project_id = excluded.project_id,
        stored_at = now();
  if image->>'platePath' is not null then
    perform darkroom.record_object(job, jsonb_build_object('bucket', image->'bucket',
                                                           'path', image->'platePath'));
  end if;
end
$$;
comment on function darkroom.record_object is
  'Records the object that holds an image, by bucket and path or by its public URL, and that of its '
  'plate.';

create or replace function darkroom.store_candidate(job uuid, image jsonb) returns boolean
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  update darkroom.batch_item i
     set state = 'done', error = null, url = image->>'url', width = (image->>'width')::int,
         height = (image->>'height')::int, size = (image->>'size')::int,
         metadata = image->'metadata'
   where i.job_id = job;
  if found then
    perform darkroom.complete_job(job);
  end if;
  return found;
end
$$;
comment on function darkroom.store_candidate is
  'Stores an image of a batch as a candidate, which the application does not see. Returns false '
  'if the job belongs to no batch.';

create or replace function darkroom.image_time(job uuid, r darkroom.claimed_job) returns timestamp
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  page timestamptz;
begin
  if r.image_type = 'A_PLUS_MODULE' then
    page := (select q.completed_at from darkroom.child_job c
               join public.job_queue q on q.id = c.parent_id where c.job_id = job);
  end if;
  return timezone('utc', coalesce(page - (darkroom.place_on_page(r.payload) * interval '1 ms'),
                                  now()));
end
$$;
comment on function darkroom.image_time is
  'Returns "createdAt" for an image. The application lists images newest first, so the images of an '
  'A+ page get times that put them in the order of its text, whichever is ready first.';

create or replace function darkroom.place_on_page(payload jsonb) returns int
language sql immutable as $$
  select (case when payload->>'module' ~ '^[0-9]{1,2}$' then (payload->>'module')::int else 0 end) * 100
       + (case when payload->>'slot' ~ '^[0-9]{1,2}$' then (payload->>'slot')::int else 0 end)
$$;
comment on function darkroom.place_on_page is
  'Returns the place of a module image on its A+ page: grows with module and slot.';

create or replace function darkroom.store_image_row(job uuid, r darkroom.claimed_job, image jsonb)
  returns void
language plpgsql as $$
begin
  -- A row with the id of the job may exist: the job was made pending again, or another role inserted the
  -- row, in whatever project. Without ON CONFLICT, which a table with rules does not accept.
  update public."GeneratedImage" g
     set "projectId" = r.project_id,
         type = coalesce(r.image_type, image->>'type')::public."ImageType",
         style = nullif(image->>'style', ''), url = image->>'url', width = (image->>'width')::int,
         height = (image->>'height')::int, size = (image->>'size')::int,
         metadata = darkroom.seller_metadata(image->'metadata')
   where g.id = job::text;
  if found then
    return;
  end if;
  insert into public."GeneratedImage" (id, "projectId", type, style, url, width, height, size,
                                       metadata, "createdAt")
  values (job::text, r.project_id, coalesce(r.image_type, image->>'type')::public."ImageType",
          nullif(image->>'style', ''), image->>'url', (image->>'width')::int,
          (image->>'height')::int, (image->>'size')::int,
          darkroom.seller_metadata(image->'metadata'), darkroom.image_time(job, r));
end
$$;
comment on function darkroom.store_image_row is
  'Writes the row of an image in the project that its job was claimed for.';

create or replace function darkroom.commit_image(job uuid, lease bigint, worker text, image jsonb,
  done jsonb) returns jsonb
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  reply constant jsonb := darkroom.begin_commit(job, lease, worker, done, image);
  r darkroom.claimed_job;
begin
  if reply is not null then
    return reply;
  elsif darkroom.store_candidate(job, image) then
    return '{"committed":true}';
  end if;
  r := darkroom.recorded_job(job);
  perform darkroom.store_image_row(job, r, image);
  insert into darkroom.image_detail (image_id, detail)
  values (job::text, coalesce(image->'metadata', '{}'))
  on conflict (image_id) do update set detail = excluded.detail, recorded_at = now();
  perform darkroom.complete_job(job);
  perform darkroom.finish_slot(job, r.project_id, 'done');
  return '{"committed":true}';
end
$$;
comment on function darkroom.commit_image is
  'Stores the image row, completes the job and the call, and updates the project, in one '
  'transaction.';

create or replace function darkroom.child_of(parent uuid, place text) returns uuid
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  child uuid;
begin
  insert into darkroom.child_job (parent_id, slot) values (parent, place) on conflict do nothing;
  select c.job_id into child from darkroom.child_job c where c.parent_id = parent
    and c.slot = place;
  return child;
end
$$;
comment on function darkroom.child_of is
  'Returns the id of the job that fills a slot for another job; the same each time.';

create or replace function darkroom.trace_of(payload jsonb) returns jsonb
language sql immutable set search_path = pg_catalog, pg_temp as $$
  select case when payload->>'traceparent' ~ '^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$'
    then jsonb_build_object('traceparent', payload->'traceparent') else '{}' end
$$;
comment on function darkroom.trace_of is
  'Returns the traceparent of a payload, as the payload of a job made for it, so that its spans belong to '
  'the same trace.';

create or replace function darkroom.marketplace_of(payload jsonb) returns jsonb
language sql immutable as $$
  select case when jsonb_typeof(payload->'marketplace') = 'string'
    then jsonb_build_object('marketplace', payload->'marketplace') else '{}' end
$$;
comment on function darkroom.marketplace_of is
  'Returns the marketplace that a payload names, as the payload of a job made for it.';

create or replace function darkroom.pack_jobs(pack uuid, project text, with_aplus boolean)
returns table (ord bigint, slot text, id uuid, payload jsonb, job_type text, max_retries int)
language sql volatile security definer set search_path = pg_catalog, public, pg_temp as $$
  select o, k, darkroom.child_of(pack, k),
         case when k = 'APLUS' then jsonb_build_object('projectId', project)
              else jsonb_build_object('projectId', project, 'imageType', k) end
           || darkroom.marketplace_of(q.payload) || darkroom.trace_of(q.payload),
         case when k = 'APLUS' then 'generate-aplus' else 'generate-image' end,
         case when k = 'APLUS' then 3 else 2 end
    from unnest(array['MAIN_IMAGE', 'INFOGRAPHIC', 'FEATURE_HIGHLIGHT', 'LIFESTYLE',
                      'COMPARISON_CHART', 'DIMENSION_DIAGRAM', 'APLUS']) with ordinality x(k, o)
    left join public.job_queue q on q.id = pack
   where k <> 'APLUS' or with_aplus
$$;
comment on function darkroom.pack_jobs is 'Returns the jobs of a pack, in order.';

create or replace function darkroom.commit_pack(job uuid, lease bigint, worker text,
  with_aplus boolean, done jsonb) returns jsonb
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  reply jsonb;
  q public.job_queue;
  r darkroom.claimed_job;
begin
  if exists (select 1 from darkroom.pack p where p.job_id = job and p.lease = commit_pack.lease
                and p.worker = commit_pack.worker) then
    return '{"committed":true,"already":true}';
  end if;
  reply := darkroom.begin_commit(job, lease, worker, done);
  if reply is not null then
    return reply;
  end if;
  select * into q from public.job_queue j where j.id = job;
  r := darkroom.recorded_job(job);
  if not exists (select 1 from darkroom.pack p where p.job_id = job) then
    perform darkroom.insert_pack(q, r, with_aplus);
  end if; -- otherwise another program made the pack pending again
  perform 1 from public."Project" where id = r.project_id for no key update; -- locked before slots
  insert into darkroom.slot as s (project_id, slot, job_id, state)
  select c.project_id, c.slot, c.job_id, 'open' from darkroom.claimed_job c
   where c.job_id in (select x.job_id from darkroom.child_job x where x.parent_id = job)
   order by c.slot
  on conflict (project_id, slot) do update
    set job_id = excluded.job_id, state = 'open', updated_at = now();
  delete from darkroom.slot s
   where s.project_id = r.project_id and s.slot = 'PACK' and s.job_id = job;
  perform darkroom.wait_for_parts(q);
  perform darkroom.update_project_status(r.project_id);
  return '{"committed":true}';
end
$$;
comment on function darkroom.commit_pack is
  'Queues the six images of a pack, and A+ content if requested, once. The pack''s job stays open '
  'until they have ended.';

create or replace function darkroom.require_jobs(jobs uuid[]) returns void
language plpgsql as $$
declare
  missing constant bigint := (select count(*) from unnest(jobs) j
    where not exists (select 1 from public.job_queue q where q.id = j and q.status = 'pending'));
begin
  if missing > 0 then
    raise exception 'a trigger or rule of the application leaves out or changes % of % inserted jobs',
      missing, cardinality(jobs);
  end if;
end
$$;
comment on function darkroom.require_jobs is
  'Raises an exception unless all of these jobs are pending: the caller has just inserted them.';

create or replace function darkroom.insert_pack(q public.job_queue, r darkroom.claimed_job,
  with_aplus boolean) returns void
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  moved int;
begin
  insert into public.job_queue (id, job_type, payload, user_id, max_retries, darkroom_priority,
                                created_at, status, retry_count)
  select c.id, c.job_type, c.payload, q.user_id, c.max_retries, q.darkroom_priority,
         clock_timestamp() + c.ord * interval '1 microsecond', 'pending', 0
    from darkroom.pack_jobs(q.id, r.project_id, with_aplus) c order by c.ord;
  perform darkroom.require_jobs(array(select x.job_id from darkroom.child_job x
                                       where x.parent_id = q.id));
  perform darkroom.record_jobs(array(select x.job_id from darkroom.child_job x
                                      where x.parent_id = q.id));
  -- The charge moves from the pack to its jobs, so that each refunds its own part. Their sum is at
  -- most what was paid for the pack.
  with parts as (
    insert into darkroom.charge (job_id, user_id, slot, credits, source)
    select c.id, paid.user_id, c.slot,
           greatest(least(c.price, paid.credits - sum(c.price) over (order by c.ord) + c.price), 0),
           paid.source
      from (select x.*, darkroom.price_of(x.slot) as price
              from darkroom.pack_jobs(q.id, r.project_id, with_aplus) x) c,
           darkroom.charge paid
     where paid.job_id = q.id
    on conflict (job_id) do nothing
    returning credits
  )
  select coalesce(sum(credits), 0) into moved from parts;
  update darkroom.charge c set credits = c.credits - moved where c.job_id = q.id;
end
$$;
comment on function darkroom.insert_pack is
  'Inserts the jobs of a pack, records what they are about, and moves the charge to them.';

create or replace function darkroom.insert_module_jobs(q public.job_queue, r darkroom.claimed_job,
  module_requests jsonb) returns void
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  w jsonb;
  child uuid;
  place text;
  cost int := darkroom.price_of('A_PLUS_MODULE');
  paid boolean;
begin
  for w in select * from jsonb_array_elements(module_requests) loop
    place := 'A_PLUS_MODULE:' || (w->>'module') || ':' || (w->>'slot');
    child := darkroom.child_of(q.id, place);
    paid := darkroom.charge_user(child, q.user_id, place, cost);
    insert into public.job_queue (id, job_type, payload, user_id, max_retries, darkroom_priority,
                                  status, error_message, completed_at, retry_count, created_at)
    values (child, 'generate-image',
            jsonb_build_object('projectId', r.project_id, 'imageType', 'A_PLUS_MODULE') || w
              || darkroom.marketplace_of(q.payload) || darkroom.trace_of(q.payload),
            q.user_id, 2, q.darkroom_priority, case when paid then 'pending' else 'failed' end,
            case when not paid then 'Not enough credits for this module image (' || cost
              || ' are needed).' end,
            case when not paid then now() end, 0, now());
    if paid then
      perform darkroom.require_jobs(array[child]);
    else
      insert into darkroom.charge (job_id, user_id, slot, credits, source, state)
      values (child, q.user_id, place, 0, 'worker', 'returned') on conflict (job_id) do nothing;
    end if;
    perform darkroom.record_jobs(array[child]);
    insert into darkroom.slot as s (project_id, slot, job_id, state)
    values (r.project_id, place, child, case when paid then 'open' else 'failed' end)
    on conflict (project_id, slot) do update
      set job_id = excluded.job_id, state = excluded.state, updated_at = now();
    if not paid then -- no update ends it, which a trigger would note
      perform darkroom.note_end_of(j) from public.job_queue j where j.id = child;
    end if;
  end loop;
end
$$;
comment on function darkroom.insert_module_jobs is
  'Charges for the images of A+ modules and inserts a job for each: one that the balance does not '
  'cover has failed.';

create or replace function darkroom.commit_aplus(job uuid, lease bigint, worker text,
  modules jsonb, premium boolean, module_requests jsonb, done jsonb) returns jsonb
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  reply constant jsonb := darkroom.begin_commit(job, lease, worker, done);
  q public.job_queue;
  r darkroom.claimed_job;
  wanted jsonb := coalesce(module_requests, '[]');
begin
  if reply is not null then
    return reply;
  end if;
  select * into q from public.job_queue j where j.id = job;
  r := darkroom.recorded_job(job);
  if jsonb_array_length(wanted) > 0 then -- locked in one order: job, account, project, slots
    perform darkroom.lock_account(q.user_id);
  end if;
  perform 1 from public."Project" where id = r.project_id for no key update;
  insert into public."APlusContent" (id, "projectId", modules, "isPremium", "createdAt",
                                     "updatedAt")
  values (job::text, r.project_id, modules, premium, timezone('utc', now()),
          timezone('utc', now()))
  on conflict ("projectId") do update set modules = excluded.modules,
    "isPremium" = excluded."isPremium", "updatedAt" = excluded."updatedAt";
  perform darkroom.insert_module_jobs(q, r, wanted);
  perform darkroom.complete_job(job);
  perform darkroom.finish_slot(job, r.project_id, 'done');
  return '{"committed":true}';
end
$$;
comment on function darkroom.commit_aplus is
  'Stores the A+ content of a project, replacing an earlier one, and queues a job per requested '
  'module image.';

create or replace function darkroom.fail_permanently(job uuid, reason text) returns int
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  project text := (darkroom.recorded_job(job)).project_id;
  refunded int;
begin
  refunded := darkroom.refund(job); -- locks the account, which comes before the project
  update public.job_queue q
     set status = 'failed', completed_at = now(), error_message = reason,
       darkroom_lease_until = null
   where q.id = job;
  update darkroom.batch_item i set state = 'failed', error = reason where i.job_id = job;
  delete from darkroom.kept_answer d
   where d.job_id = job or d.job_id = (select k.former from darkroom.kept_answer k where k.job_id = job);
  perform darkroom.finish_slot(job, (select p.id from public."Project" p where p.id = project),
                            'failed');
  return refunded + darkroom.batch_api_end_open_items(job, reason);
end
$$;
comment on function darkroom.fail_permanently is
  'Fails a job finally: its row, the refund and the project status, in one transaction.';

create or replace function darkroom.begin_failure(job uuid, lease bigint, worker text, call jsonb)
  returns jsonb
language plpgsql as $$
declare
  held constant text := darkroom.lease_state(job, lease, worker);
begin
  if held = 'failed' then
    return '{"state":"failed","refunded":0,"already":true}';
  elsif held in ('held', 'gone') then
    perform darkroom.finish_call(call);
  end if;
  return case when held <> 'held' then darkroom.refusal(held) end;
end
$$;
comment on function darkroom.begin_failure is
  'Begins the report of a failed attempt: checks the lease and ends the paid call. Returns null if '
  'the caller may go on, otherwise the reply to the worker.';

create or replace function darkroom.fail_job(job uuid, lease bigint, worker text, message text,
  retry boolean, spend boolean, delay_ms bigint, call jsonb, detail text default null)
returns jsonb
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  reply constant jsonb := darkroom.begin_failure(job, lease, worker, call);
  q public.job_queue;
  attempts int;
  spends boolean;
  batch text;
  refunded int;
begin
  if reply is not null then
    return reply;
  end if;
  insert into darkroom.job_failure (job_id, lease, worker, message, detail)
  values (job, lease, worker, message, detail);
  select * into q from public.job_queue j where j.id = job;
  -- Both may be null: the columns allow it. They may have been widened to bigint.
  attempts := least(greatest(coalesce(q.retry_count, 0), 0), 2147483647);
  spends := spend or q.darkroom_busy >= 20; -- a provider that stays busy counts as a failure
  select b.state into batch from darkroom.batch b
   where b.id in (select i.batch_id from darkroom.batch_item i where i.job_id = job)
      or b.id in (select c.batch_id from darkroom.batch_api_chunk c
                   where c.job_id = job and c.state = 'open');
  if not retry or batch = 'cancelled' or (spends and attempts >= coalesce(q.max_retries, 3)) then
    refunded := darkroom.fail_permanently(job, message);
    update darkroom.batch_item i set error = coalesce(detail, message) where i.job_id = job;
    return jsonb_build_object('state', 'failed', 'refunded', refunded);
  end if;
  update public.job_queue
     set retry_count = case when spends then least(attempts, 2147483646) + 1 else attempts end,
         darkroom_busy = case when spend then darkroom_busy else least(darkroom_busy + 1, 30000) end
   where id = job;
  perform darkroom.return_to_queue(array[job],
    now() + least(greatest(delay_ms, 0), 86400000) * interval '1 ms', message);
  return '{"state":"pending","refunded":0}';
end
$$;
comment on function darkroom.fail_job is
  'Makes the job pending again after a delay while attempts are left. Otherwise fails it '
  'finally, with the refund.';

create or replace function darkroom.cancel_job(job uuid) returns jsonb
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  q public.job_queue;
begin
  select * into q from public.job_queue j where j.id = job for no key update;
  if not found then
    return '{"state":"missing"}';
  elsif q.status in ('completed', 'failed') then
    return jsonb_build_object('state', q.status);
  elsif exists (select 1 from darkroom.pack p where p.job_id = job and p.ended_at is null) then
    return darkroom.cancel_pack(job);
  end if;
  perform darkroom.record_first_claim(array[job]);
  update public.job_queue set darkroom_lease = darkroom.next_lease(darkroom_lease),
         darkroom_leased_by = null where id = job;
  return jsonb_build_object('state', 'cancelled', 'refunded',
                            darkroom.fail_permanently(job, 'Cancelled.'));
end
$$;
comment on function darkroom.cancel_job is
  'Cancels an unfinished job and refunds it. The worker that holds it loses the lease. Of a pack, it '
  'cancels the parts that have not ended.';

create or replace function darkroom.retry_job(job uuid) returns jsonb
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  q public.job_queue;
  again uuid := gen_random_uuid();
begin
  select * into q from public.job_queue j where j.id = job for no key update;
  if not found then
    return '{"state":"missing"}';
  elsif q.status is distinct from 'failed' then
    return jsonb_build_object('state', coalesce(q.status, 'pending'));
  elsif exists (select 1 from darkroom.batch_item i where i.job_id = job)
     or exists (select 1 from darkroom.batch_api_chunk c where c.job_id = job) then
    return '{"state":"of a batch"}';
  elsif exists (select 1 from darkroom.pack p where p.job_id = job) then
    return darkroom.retry_pack(job);
  elsif (darkroom.successor_of(job)).id is not null then
    return jsonb_build_object('state', 'retried', 'job', (darkroom.successor_of(job)).id,
                              'jobState', (darkroom.successor_of(job)).status);
  end if;
  insert into public.job_queue (id, job_type, payload, user_id, max_retries, darkroom_priority,
                                status, retry_count, created_at)
  values (again, coalesce((select c.job_type from darkroom.claimed_job c where c.job_id = job), q.job_type),
          darkroom.payload_of(job, q.payload), q.user_id, coalesce(q.max_retries, 3),
          q.darkroom_priority, 'pending', 0, now());
  perform darkroom.require_jobs(array[again]);
  -- A refunded job, or one whose refund is owed, is not refunded again, so its successor is free. Any
  -- other is paid for by what its user paid and has not used.
  insert into darkroom.charge (job_id, user_id, slot, credits, source)
  select again, c.user_id, c.slot, 0, 'free' from darkroom.charge c
   where c.job_id = job and (c.refunded > 0 or c.source = 'free'
           or exists (select 1 from darkroom.owed_refund o where o.job_id = job));
  perform darkroom.replace_part(job, again);
  perform darkroom.note_retry(job, again);
  perform darkroom.record_first_claim(array[again]);
  -- Its answer is paid for: the workers with it take the new job first, and use it.
  insert into darkroom.kept_answer (job_id, spool, place, retry_at, takeover, former)
  select again, k.spool, j.darkroom_run_at, now(), k.takeover, coalesce(k.former, job)
    from darkroom.kept_answer k, public.job_queue j
   where k.job_id = job and j.id = again;
  perform darkroom.leave_to_spools(array[again]);
  return jsonb_build_object('state', 'queued', 'job', again);
end
$$;
comment on function darkroom.retry_job is
  'Queues a failed job again as a new job, once. The failed one keeps its history. Of a pack, it '
  'queues the parts that failed.';
