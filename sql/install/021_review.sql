-- 021_review.sql - the review in the dashboard: the items of a batch, what changed in them since, reasons
-- that reviewers give, and blind comparisons. Decisions are made by the functions of 007_accept.sql.

alter table darkroom.batch_item add column if not exists changed_at timestamptz;
create index if not exists batch_item_changed on darkroom.batch_item (changed_at)
  where changed_at is not null;
comment on column darkroom.batch_item.changed_at is
  'When job, state, decision or reasons changed last. Null if they did not.';

create or replace function darkroom.note_item_change() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  new.changed_at := clock_timestamp();
  return new;
end
$$;
comment on function darkroom.note_item_change is
  'Records when an item changed, so that pages of reviewers can ask for the changes.';
create or replace trigger batch_item_changed before update on darkroom.batch_item
  for each row when (old.decision is distinct from new.decision
    or old.decided_by is distinct from new.decided_by or old.state is distinct from new.state
    or old.job_id is distinct from new.job_id or old.reasons is distinct from new.reasons)
  execute function darkroom.note_item_change();

-- -- what the page shows --------------------------------------------------------------------------

create or replace function darkroom.review_row(i darkroom.batch_item) returns json
language plpgsql stable set search_path = pg_catalog, public, pg_temp as $$
declare
  facts record;
begin
  select m.model, m.quality, m."costUsd" as usd, m.likeness->'score' as likeness,
         case when jsonb_typeof(m.checks) = 'array' then m.checks else '[]' end as checks
    into facts
    from jsonb_to_record(coalesce(i.metadata, '{}'))
           m(model text, quality text, "costUsd" jsonb, likeness jsonb, checks jsonb);
  return json_strip_nulls(json_build_object('item', i.item, 'variant', i.variant, 'state', i.state,
    'job', i.job_id, 'decision', i.decision, 'by', left(i.decided_by, 130),
    'at', case when i.decided_at is not null then darkroom.epoch_ms(i.decided_at, now()) end,
    'reasons', case when cardinality(i.reasons) > 0 then to_json(i.reasons) end,
    'model', left(coalesce(facts.model, i.model), 80),
    'quality', left(coalesce(facts.quality, i.quality), 20),
    'usd', case when jsonb_typeof(facts.usd) = 'number' then facts.usd end,
    'likeness', case when jsonb_typeof(facts.likeness) = 'number'
      then round((facts.likeness #>> '{}')::numeric, 3) end,
    -- A check that had nothing to compare with is none.
    'checks', nullif(jsonb_array_length(facts.checks) - jsonb_array_length(
      jsonb_path_query_array(facts.checks, '$[*] ? (@.message starts with "not performed"
        || @.says starts with "not performed")')), 0),
    'failed', nullif(jsonb_path_query_array(facts.checks, '$[*] ? (@.passed == false).check'), '[]'),
    'credits', nullif(i.credits, 0),
    'error', case when i.state = 'failed' then left(i.error, 300) end));
end
$$;
comment on function darkroom.review_row is
  'One candidate, as the list of the review shows it: members that are null are left out.';

create or replace function darkroom.dashboard_batches() returns json
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  return (select json_build_object('batches', coalesce(json_agg(json_build_object('id', b.id,
      'state', case when b.state = 'running' and n.open = 0 then 'done' else b.state end,
      'why', left(b.pause_reason, 300), 'by', left(b.created_by, 130),
      'createdAt', darkroom.epoch_ms(b.created_at, now()), 'images', n.images,
      'candidates', n.done, 'failed', n.failed, 'open', n.open, 'accepted', n.accepted,
      'rejected', n.rejected, 'undecided', n.undecided,
      'microusd', (select p.spent_microusd from darkroom.budget p where p.batch_id = b.id))
      order by b.created_at desc, b.id), '[]'))
    from (select * from darkroom.batch x order by x.created_at desc, x.id limit 50) b
   cross join lateral (
     select count(*) as images, coalesce(sum(t.done), 0) as done, coalesce(sum(t.failed), 0) as failed,
            coalesce(sum(t.open), 0) as open, count(*) filter (where t.accepted) as accepted,
            coalesce(sum(t.rejected), 0) as rejected,
            count(*) filter (where t.acceptable and not t.accepted) as undecided
       from (select count(*) filter (where i.state = 'done') as done,
                    count(*) filter (where i.state = 'failed') as failed,
                    count(*) filter (where i.state in ('waiting', 'queued')) as open,
                    coalesce(bool_or(i.decision = 'accepted'), false) as accepted,
                    count(*) filter (where i.decision = 'rejected') as rejected,
                    bool_or(i.state = 'done' and (i.decision is null
                      or i.decision = 'reverted' and i.credits = 0)) as acceptable
               from darkroom.batch_item i where i.batch_id = b.id group by i.item) t) n);
end
$$;
comment on function darkroom.dashboard_batches is
  'The batches with the numbers of their images and candidates, newest first; at most 50.';

create or replace function darkroom.dashboard_batch(batch text, after_item int, most int) returns json
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  last_item constant int := after_item + least(greatest(most, 1), 5000);
  projects constant text[] := array(select distinct m.project_id from darkroom.batch_item m
    where m.batch_id = batch and m.item > after_item and m.item <= last_item);
  -- The application may have no index for this, so the table is read once, not for each item.
  photos constant text[] := array(select distinct x."projectId" from public."ProjectImage" x
    where x."projectId" = any(projects));
begin
  return (select json_build_object('id', b.id, 'state', b.state, 'by', left(b.created_by, 130),
      'createdAt', darkroom.epoch_ms(b.created_at, now()),
      'keep', b.options->>'keep', 'now', darkroom.epoch_ms(clock_timestamp(), now()),
      'more', exists (select 1 from darkroom.batch_item m
                       where m.batch_id = b.id and m.item > last_item),
      'products', (select json_object_agg(p.id, left(p."productName", 120)) from public."Project" p
        where p.id = any(projects)),
      'items', (select json_agg(json_build_object('item', t.item,
          'project', t.project, 'type', t.type, 'style', left(t.style, 60), 'source', t.source,
          'module', t.module, 'slot', t.slot,
          'before', t.replaced or g.id is not null,
          'photo', f.project is not null,
          'candidates', t.candidates) order by t.item)
        from (select i.item, min(i.project_id) as project, min(i.type) as type, min(i.style) as style,
                     min(i.source_id) as source, bool_or(i.replaced is not null) as replaced,
                     min(i.module_request->>'module') as module, min(i.module_request->>'slot') as slot,
                     json_agg(darkroom.review_row(i) order by i.variant) as candidates
                from darkroom.batch_item i
               where i.batch_id = b.id and i.item > after_item and i.item <= last_item
               group by i.item) t
        left join public."GeneratedImage" g on g.id = t.source
        left join unnest(photos) f(project) on f.project = t.project))
    from darkroom.batch b where b.id = batch);
end
$$;
comment on function darkroom.dashboard_batch is
  'A batch with its items after a number, in the order of their numbers, each with its candidates; at '
  'most 5,000. Null if there is no such batch.';

create or replace function darkroom.dashboard_batch_changes(batch text, since_ms bigint) returns json
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  most constant int := 2000;
  -- Of transactions that were open at this time, changes may appear later. They end within seconds.
  settled constant bigint := darkroom.epoch_ms(clock_timestamp(), now()) - 30000;
begin
  return (select json_build_object('rows', coalesce(json_agg(darkroom.review_row(i)), '[]'),
      'more', count(*) = most,
      'next', case when count(*) = most then max(darkroom.epoch_ms((i).changed_at, now()))
                   else settled end)
    from (select x as i from darkroom.batch_item x
           where x.changed_at >= to_timestamp(since_ms / 1000.0) and x.batch_id = batch
           order by x.changed_at limit most) c);
end
$$;
comment on function darkroom.dashboard_batch_changes is
  'The candidates of a batch that have changed since a time, and the time to ask for next. Some are '
  'returned again.';

create or replace function darkroom.dashboard_batch_item(batch text, item int) returns json
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  return (select json_build_object('item', dashboard_batch_item.item,
      'before', (array_agg(case when i.replaced is not null then json_build_object(
          'url', i.replaced->'url', 'width', i.replaced->'width', 'height', i.replaced->'height',
          'model', left(darkroom.detail_of(i.replaced->>'id', i.replaced->'metadata')->>'model', 80))
        when g.id is not null then json_build_object('url', g.url, 'width', g.width,
          'height', g.height,
          'model', left(darkroom.detail_of(g.id, g.metadata)->>'model', 80)) end
        order by i.replaced is null))[1],
      'photo', (select x.url from public."ProjectImage" x where x."projectId" = min(i.project_id)
                 order by x."order", x."createdAt", x.id limit 1),
      'candidates', json_agg(json_build_object('variant', i.variant, 'url', i.url, 'width', i.width,
        'height', i.height, 'bytes', i.size, 'job', i.job_id,
        'metadata', json_build_object('checks', i.metadata->'checks'),
        'likeness', i.metadata->'likeness', 'prompt', left(i.metadata->>'prompt', 30000),
        'rejections', (select json_agg(json_build_object('call', r.call_id, 'check', r.check_name,
            'message', r.message, 'picture', r.picture is not null) order by r.call_id)
          from (select * from darkroom.rejection x where x.job_id = i.job_id
                 order by x.call_id desc limit 3) r)) order by i.variant))
    from darkroom.batch_item i
    left join public."GeneratedImage" g on g.id = i.source_id
   where i.batch_id = batch and i.item = dashboard_batch_item.item
  having count(*) > 0);
end
$$;
comment on function darkroom.dashboard_batch_item is
  'One image of a batch with all that is known about its candidates. Null if there is none.';

create or replace function darkroom.dashboard_picture(kind text, id text) returns json
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  job constant uuid := darkroom.uuid_of(id);
  batch constant text := split_part(id, '/', 1);
  number constant int := substring(id from '/([0-9]{1,9})$');
begin
  if kind = 'image' then
    return (select json_build_object('url', u.url) from (
      select g.url from public."GeneratedImage" g where g.id = job::text
      union all select i.url from darkroom.batch_item i where i.job_id = job limit 1) u);
  elsif kind = 'before' then
    return (select json_build_object('url', coalesce(i.replaced->>'url', g.url))
      from darkroom.batch_item i left join public."GeneratedImage" g on g.id = i.source_id
     where i.batch_id = batch and i.item = number order by i.replaced is null limit 1);
  elsif kind in ('left', 'right') then
    return (select darkroom.dashboard_picture(case v.variant when 0 then 'before' else 'image' end,
        case v.variant when 0 then r.batch_id || '/' || r.item else i.job_id::text end)
      from darkroom.review_pair r
     cross join lateral (select case kind when 'left' then r.left_variant
                                          else r.right_variant end as variant) v
      left join darkroom.batch_item i
        on i.batch_id = r.batch_id and i.item = r.item and i.variant = v.variant
     where r.id = job);
  elsif kind = 'photo' then
    return (select json_build_object('photo', true, 'user', p."userId", 'url',
        coalesce(d.detail->'photo'->>'url', (select x.url from public."ProjectImage" x
          where x."projectId" = p.id order by x."order", x."createdAt", x.id limit 1)))
      from (select q.payload->>'projectId' as project from public.job_queue q where q.id = job
            union all (select i.project_id from darkroom.batch_item i
                        where i.batch_id = batch and i.item = number limit 1)) t
      join public."Project" p on p.id = t.project
      left join darkroom.image_detail d on d.image_id = job::text limit 1);
  end if;
  return null;
end
$$;
comment on function darkroom.dashboard_picture is
  'The URL of a picture that the dashboard shows: image and photo of a job, before and photo of '
  'BATCH/ITEM, left and right of a comparison; with photo, the user whose photo it is. Null if there '
  'is none.';

create or replace function darkroom.dashboard_rejection(call bigint) returns json
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select to_json(replace(encode(r.picture, 'base64'), E'\n', ''))
    from darkroom.rejection r where r.call_id = call
$$;
comment on function darkroom.dashboard_rejection is
  'The picture of a rejected answer, a JPEG in base64; null if there is none.';

-- -- decisions and reasons ------------------------------------------------------------------------

create or replace function darkroom.review_decide(batch text, item int, variant int, verb text,
  reviewer text, seen jsonb) returns json
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  i darkroom.batch_item;
  answer jsonb;
begin
  select * into i from darkroom.batch_item x where x.batch_id = batch
     and x.item = review_decide.item and x.variant = review_decide.variant;
  if not found then
    return '{"state":"missing"}';
  end if;
  if verb = 'revert' then
    -- In the order of batch_revert, which locks them again.
    perform darkroom.lock_account(i.user_id);
    perform 1 from public."Project" p where p.id = i.project_id for no key update;
    select * into i from darkroom.batch_item x where x.batch_id = batch and x.item = i.item
       and x.variant = i.variant for no key update;
    if i.decision is distinct from seen->>'decision' or left(i.decided_by, 130) is distinct from seen->>'by' then
      return json_build_object('state', 'changed', 'row', darkroom.review_row(i));
    end if;
  end if;
  answer := case verb when 'accept' then darkroom.batch_accept(batch, i.item, i.variant, reviewer)
                      when 'reject' then darkroom.batch_reject(batch, i.item, i.variant, reviewer)
                      when 'revert' then darkroom.batch_revert(batch, i.item, i.variant, reviewer)
                      else '{"state":"invalid"}' end;
  select * into i from darkroom.batch_item x where x.batch_id = batch and x.item = i.item
     and x.variant = i.variant;
  return json_build_object('state', answer->>'state', 'refunded', answer->'refunded',
                           'row', darkroom.review_row(i));
end
$$;
comment on function darkroom.review_decide is
  'Accepts, rejects or reverts a candidate (verb) and returns it as it is now. A revert changes nothing '
  'if the decision is no longer the one that the reviewer has seen: {decision, by}.';

create or replace function darkroom.review_tag(batch text, item int, variant int, reason text,
  given boolean) returns json
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  word constant text := btrim(left(regexp_replace(reason, '[[:cntrl:]]+', ' ', 'g'), 40));
  i darkroom.batch_item;
begin
  if word = '' then
    return '{"state":"invalid"}';
  end if;
  update darkroom.batch_item x
     set reasons = case when given then array(select distinct r from unnest(x.reasons || word) r
                                               order by r)
                        else array_remove(x.reasons, word) end
   where x.batch_id = batch and x.item = review_tag.item and x.variant = review_tag.variant
     and x.state = 'done' and (not given or cardinality(x.reasons) < 12)
  returning * into i;
  if not found then
    return '{"state":"missing"}';
  end if;
  return json_build_object('state', 'tagged', 'row', darkroom.review_row(i));
end
$$;
comment on function darkroom.review_tag is
  'Gives a candidate a reason, or takes it away. A candidate has at most twelve, of 40 characters each.';

create or replace function darkroom.batch_reasons(batch text) returns jsonb
language sql stable set search_path = pg_catalog, public, pg_temp as $$
  select coalesce(jsonb_object_agg(r.reason, r.counts order by r.reason), '{}') from (
    select x.reason, jsonb_build_object('items', count(*),
             'accepted', count(*) filter (where i.decision = 'accepted'),
             'rejected', count(*) filter (where i.decision = 'rejected')) as counts
      from darkroom.batch_item i cross join unnest(i.reasons) x(reason)
     where i.batch_id = batch group by 1) r
$$;
comment on function darkroom.batch_reasons is
  'Counts the candidates of a batch by the reasons that reviewers gave.';

-- -- blind comparisons ----------------------------------------------------------------------------

create table if not exists darkroom.review_pair (
  id uuid primary key default gen_random_uuid(),
  batch_id text not null references darkroom.batch on delete cascade,
  item int not null,
  left_variant int not null,
  right_variant int not null,
  reviewer text not null,
  choice text check (choice in ('left', 'right', 'same')),
  shown_at timestamptz not null default now(),
  voted_at timestamptz
);
create unique index if not exists review_pair_once on darkroom.review_pair
  (batch_id, item, reviewer, least(left_variant, right_variant), greatest(left_variant, right_variant));
comment on table darkroom.review_pair is
  'Two images that a reviewer has compared without knowing which is which.';
comment on column darkroom.review_pair.id is 'What the page knows about it before the vote.';
comment on column darkroom.review_pair.batch_id is 'The batch.';
comment on column darkroom.review_pair.item is 'The image of the batch.';
comment on column darkroom.review_pair.left_variant is
  'The candidate on the left; 0 is the image that the batch replaces.';
comment on column darkroom.review_pair.right_variant is 'The same for the right side.';
comment on column darkroom.review_pair.reviewer is 'The reviewer, who sees each pair once.';
comment on column darkroom.review_pair.choice is 'left, right or same. Null before the vote.';
comment on column darkroom.review_pair.shown_at is 'When it was drawn.';
comment on column darkroom.review_pair.voted_at is 'When the reviewer voted.';

create or replace function darkroom.review_pairs_of(batch text, first int, second int)
returns setof int
language sql stable set search_path = pg_catalog, public, pg_temp as $$
  select i.item from darkroom.batch_item i
    left join public."GeneratedImage" g on g.id = i.source_id
   where i.batch_id = batch
   group by i.item
  having (first <> 0 and second <> 0 or bool_or(i.replaced is not null or g.id is not null))
     and (first = 0 or bool_or(i.variant = first and i.state = 'done'))
     and (second = 0 or bool_or(i.variant = second and i.state = 'done'))
$$;
comment on function darkroom.review_pairs_of is
  'The items of a batch that have both variants; variant 0 is the image that the batch replaces.';

create or replace function darkroom.review_compare(batch text, first int, second int, reviewer text)
returns json
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  -- Not in the statement that sorts by random(), which would use one number for both.
  swapped constant boolean := random() < 0.5;
  drawn uuid;
  voted bigint;
begin
  if first = second or first < 0 or second < 0 then
    return '{"state":"invalid"}';
  end if;
  -- One that the reviewer has seen and not voted on is shown again.
  select r.id into drawn from darkroom.review_pair r
   where r.batch_id = batch and r.reviewer = review_compare.reviewer and r.choice is null
     and array[r.left_variant, r.right_variant] <@ array[first, second] limit 1;
  if not found then
    insert into darkroom.review_pair (batch_id, item, left_variant, right_variant, reviewer)
    select batch, p.item, case when swapped then second else first end,
           case when swapped then first else second end, review_compare.reviewer
      from darkroom.review_pairs_of(batch, first, second) p(item)
     where not exists (select 1 from darkroom.review_pair r
             where r.batch_id = batch and r.item = p.item and r.reviewer = review_compare.reviewer
               and array[r.left_variant, r.right_variant] <@ array[first, second])
     order by random() limit 1
    on conflict do nothing returning id into drawn;
  end if;
  select count(*) into voted from darkroom.review_pair r
   where r.batch_id = batch and r.reviewer = review_compare.reviewer and r.choice is not null
     and array[r.left_variant, r.right_variant] <@ array[first, second];
  return json_build_object('state', 'shown', 'pair', drawn, 'voted', voted,
    'pairs', (select count(*) from darkroom.review_pairs_of(batch, first, second)));
end
$$;
comment on function darkroom.review_compare is
  'Draws two variants of an image that the reviewer has not compared yet, on sides by chance. pair is '
  'null if none is left.';

create or replace function darkroom.review_vote(pair uuid, reviewer text, choice text) returns json
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  update darkroom.review_pair r set choice = review_vote.choice, voted_at = now()
   where r.id = pair and r.reviewer = review_vote.reviewer and r.choice is null;
  return json_build_object('state', case when found then 'voted' else 'missing' end);
end
$$;
comment on function darkroom.review_vote is 'Records the choice of a reviewer: left, right or same.';

create or replace function darkroom.dashboard_comparison(batch text, first int, second int)
returns json
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  return (select json_build_object('first', count(*) filter (where t.score > 0),
      'second', count(*) filter (where t.score < 0), 'same', count(*) filter (where t.score = 0),
      'votes', coalesce(sum(t.votes), 0),
      'reviewers', (select count(distinct r.reviewer) from darkroom.review_pair r
        where r.batch_id = batch and r.choice is not null
          and array[r.left_variant, r.right_variant] <@ array[first, second]))
    from (select sum(case when r.choice = 'same' then 0
                          when (r.choice = 'left') = (r.left_variant = first) then 1
                          else -1 end) as score, count(*) as votes
            from darkroom.review_pair r
           where r.batch_id = batch and r.choice is not null
             and array[r.left_variant, r.right_variant] <@ array[first, second]
           group by r.item) t);
end
$$;
comment on function darkroom.dashboard_comparison is
  'How many images are preferred as the first or the second variant. Votes of several reviewers on one '
  'image are one opinion: the majority.';
