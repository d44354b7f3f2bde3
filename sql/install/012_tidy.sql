-- 012_tidy.sql - finds what deleted jobs, images, projects and users left behind, and rows that are
-- older than an operator wants to keep. `darkroom tidy` calls these functions.
--
-- Each call is one short transaction: it handles at most `most` rows, skips rows that another
-- session has locked, and waits at most two seconds for a lock on a table. Interrupted and repeated
-- calls, and two at once, do no harm.

-- -- objects in the store -----------------------------------------------------------------------

-- No `set search_path`, which would keep the planner from inlining it: it runs for each image.
create or replace function darkroom.stored_path(url text) returns text
language sql immutable as $$
  select pg_catalog.split_part(pg_catalog.split_part(
           pg_catalog.split_part(url, '/generated-images/', 2), '?', 1), '#', 1)
$$;
comment on function darkroom.stored_path is
  'Returns the path of the object of bucket generated-images that a URL names, in any form of URL; '
  'an empty text if it names none.';

create or replace function darkroom.image_of_plate(path text) returns text
language sql immutable as $$
  select pg_catalog.substring(path, '^(.*-)plate-[0-9a-f]{8}\.(?:png|jpg)$')
         || pg_catalog.substring(path, '-plate-([0-9a-f]{8})\.(?:png|jpg)$')
$$;
comment on function darkroom.image_of_plate is
  'Returns the path of the image of a plate, without the extension; null if the path is not that of '
  'a plate.';

-- Volatile, as brief_of: to a stable one a table that the application rewrites looks empty.
create or replace function darkroom.used_objects(paths text[]) returns setof text
language sql volatile security definer set search_path = pg_catalog, public, pg_temp as $$
  with used as (
    select darkroom.stored_path(g.url) as path from public."GeneratedImage" g
    union all
    select darkroom.stored_path(u.url) from public."ProjectImage" i
     cross join lateral (values (i.url), (i."originalUrl")) u(url)
    union all select darkroom.stored_path(p."mainImage") from public."Project" p
    union all select darkroom.stored_path(b."logoUrl") from public."BrandKit" b
    union all
    select m.found[1] from public."APlusContent" a
     cross join lateral regexp_matches(a.modules::text, '/generated-images/([^?#"\\ ]+)',
       'g') m(found)
    union all -- candidates, also rejected ones for 30 days, and images that a revert restores
    select darkroom.stored_path(u.url) from darkroom.batch_item i
      join public."Project" p on p.id = i.project_id
     cross join lateral (values (case when i.decision is distinct from 'rejected'
                                       or i.decided_at >= now() - interval '30 days' then i.url end),
                                (i.replaced->>'url')) u(url)
  )
  select o from unnest(paths) o
   where o in (select u.path from used u)
      or darkroom.image_of_plate(o) in (select split_part(u.path, '.', 1) from used u)
$$;
comment on function darkroom.used_objects is
  'Returns those of the given paths of bucket generated-images that an image, photo, logo or A+ '
  'module names, or a candidate or replaced image of a batch, and the plates of these images.';

-- Volatile, as brief_of: to a stable one a table that the application rewrites looks empty.
create or replace function darkroom.tidy_objects(after_path text, most int) returns jsonb
language sql volatile security definer set search_path = pg_catalog, public, pg_temp
set lock_timeout = '2s' as $$
  with page as materialized (
    select o.bucket, o.path, o.stored_at from darkroom.stored_object o
     where o.bucket = 'generated-images' and o.path > after_path
       -- only the form of darkroom's own paths, which also keeps the removal inside the bucket
       and o.path ~ '^[A-Za-z0-9_-]+/[A-Za-z0-9_-]+/[A-Za-z0-9_-]+\.(png|jpg|jpeg)$'
       and split_part(o.path, '.', 1) like '%-' || left(o.job_id::text, 8)
       -- a job that has not ended may store the object again; a repeated one has another path
       and not exists (select 1 from public.job_queue q where q.id = o.job_id
                          and q.status is distinct from 'completed'
                            and q.status is distinct from 'failed')
       and (not exists (select 1 from public."Project" p where p.id = o.project_id)
         or not exists (select 1 from public."GeneratedImage" g where g.id = o.job_id::text))
     order by o.path limit most
  ), used as materialized (
    select darkroom.used_objects((select array_agg(p.path) from page p)) as path
  )
  select jsonb_build_object(
    'next', (select max(p.path) from page p having count(*) = most),
    'objects', coalesce((select jsonb_agg(jsonb_build_object('bucket', p.bucket, 'path', p.path,
                           'storedAt', p.stored_at) order by p.path)
                           from page p
                          where p.path not in (select u.path from used u)), '[]'))
$$;
comment on function darkroom.tidy_objects is
  'Returns objects that can be removed from the store: at most `most`, in the order of their '
  'paths, and the path after which the next call continues, null at the end.';

create or replace function darkroom.tidy_forget_objects(objects jsonb) returns bigint
language sql security definer set search_path = pg_catalog, public, pg_temp
set lock_timeout = '2s' as $$
  with removed as (
    delete from darkroom.stored_object o
     using jsonb_to_recordset(objects) r(bucket text, path text, "storedAt" timestamptz)
     where o.bucket = r.bucket and o.path = r.path and o.stored_at = r."storedAt"
    returning 1
  )
  select count(*) from removed
$$;
comment on function darkroom.tidy_forget_objects is
  'Deletes the records of objects that the store has removed, and returns how many. An object that '
  'was stored again meanwhile keeps its record.';

-- Volatile, as brief_of: to a stable one a table that the application rewrites looks empty.
create or replace function darkroom.tidy_unknown_objects(paths text[]) returns jsonb
language sql volatile security definer set search_path = pg_catalog, public, pg_temp
set lock_timeout = '2s' as $$
  select coalesce(jsonb_agg(p order by p), '[]') from unnest(paths) p
   where not exists (select 1 from darkroom.stored_object o
                      where o.bucket = 'generated-images' and o.path = p)
     and p not in (select darkroom.used_objects(paths))
     -- stored, and its job has not committed it yet
     and not exists (select 1 from public.job_queue q
                      where q.status = 'processing'
                        and split_part(p, '.', 1) like '%-' || left(q.id::text, 8))
$$;
comment on function darkroom.tidy_unknown_objects is
  'Returns those of the given paths that neither darkroom recorded nor any row names.';

create or replace function darkroom.tidy_users(after_user text, most int) returns jsonb
language sql stable security definer set search_path = pg_catalog, public, pg_temp
set lock_timeout = '2s' as $$
  select coalesce(jsonb_agg(x.id order by x.id), '[]') from (
    select u.id from (select id from public."User"
                      union select user_id from darkroom.account
                      union select user_id from darkroom.claimed_job where user_id is not null) u
     where u.id > after_user and u.id ~ '^[A-Za-z0-9_-]+$' order by u.id limit most) x
$$;
comment on function darkroom.tidy_users is
  'Returns ids of users, also of deleted ones that darkroom knows: the first folders of the paths '
  'in the store.';

-- -- rows ---------------------------------------------------------------------------------------

create or replace function darkroom.tidy_condition(kind text, out tab text, out condition text)
language sql immutable set search_path = pg_catalog, pg_temp as $$
  select x.tab, x.condition from (values
    -- Rows of deleted projects and jobs. `credits --check` needs none of them: it compares images
    -- of projects that exist with their jobs, and charges are never deleted.
    ('slot', 'darkroom.slot',
     'not exists (select 1 from public."Project" p where p.id = t.project_id)'),
    ('product_features', 'darkroom.product_features',
     'not exists (select 1 from public."Project" p where p.id = t.project_id)'),
    ('image_detail', 'darkroom.image_detail',
     'not exists (select 1 from darkroom.claimed_job c
                    join public."Project" p on p.id = c.project_id
                   where c.job_id = darkroom.uuid_of(t.image_id))
      and not exists (select 1 from darkroom.batch_item i
        join public."Project" p on p.id = i.project_id
                       where i.job_id = darkroom.uuid_of(t.image_id))
      and not exists (select 1 from darkroom.batch_item i where i.replaced->>''id'' = t.image_id)
      and not exists (select 1 from public.job_queue q where q.id = darkroom.uuid_of(t.image_id))
      and not exists (select 1 from public."GeneratedImage" g where g.id = t.image_id)'),
    ('child_job', 'darkroom.child_job',
     'not exists (select 1 from public.job_queue q where q.id in (t.parent_id, t.job_id))
      and not exists (select 1 from darkroom.claimed_job c
        join public."Project" p on p.id = c.project_id
                       where c.job_id in (t.parent_id, t.job_id))'),
    ('pack', 'darkroom.pack',
     't.ended_at is not null
      and not exists (select 1 from public.job_queue q where q.id = t.job_id)
      and not exists (select 1 from darkroom.claimed_job c
        join public."Project" p on p.id = c.project_id where c.job_id = t.job_id)'),
    ('claimed_job', 'darkroom.claimed_job',
     'not exists (select 1 from public."Project" p where p.id = t.project_id)
      and not exists (select 1 from public.job_queue q where q.id = t.job_id)
      and not exists (select 1 from darkroom.charge c where c.job_id = t.job_id
        and c.state = ''open'')
      and not exists (select 1 from darkroom.deleted_job d where d.job_id = t.job_id)
      and not exists (select 1 from darkroom.batch_api_chunk b where b.job_id = t.job_id)
      and not exists (select 1 from public."GeneratedImage" g where g.id = t.job_id::text)'),
    -- Rows older than $1. A job is kept while something still reads it: an open charge, unfinished
    -- jobs that it created, an open batch, or an A+ module image that could be made again.
    ('job', 'public.job_queue',
     't.status in (''completed'', ''failed'') and t.completed_at < $1 and isfinite(t.completed_at)
      and t.job_type in (''generate-image'', ''generate-complete-pack'', ''generate-aplus'',
                         ''regenerate-image'', ''batch-api'')
      and not exists (select 1 from darkroom.charge c where c.job_id = t.id and c.state = ''open'')
      and not exists (select 1 from darkroom.child_job c join public.job_queue q on q.id = c.job_id
                       where c.parent_id = t.id and q.status in (''pending'', ''processing''))
      and not exists (select 1 from darkroom.batch_item i
        join darkroom.batch_item o using (batch_id)
                       where i.job_id = t.id and o.state in (''waiting'', ''queued''))
      and not exists (select 1 from darkroom.batch_api_chunk b
        join darkroom.batch_item o using (batch_id)
                       where b.job_id = t.id and o.state in (''waiting'', ''queued''))
      and not exists (select 1 from darkroom.slot s where s.job_id = t.id and s.state <> ''done'')
      and not exists (select 1 from public."GeneratedImage" g
                       where g.id = t.id::text and g.type = ''A_PLUS_MODULE'')'),
    ('model_call', 'darkroom.model_call',
     't.sent_at < $1
      and not exists (select 1 from public.job_queue q where q.id = t.job_id
                         and q.status is distinct from ''completed''
                           and q.status is distinct from ''failed'')
      and not exists (select 1 from darkroom.batch_item o where o.batch_id = t.batch_id
                         and o.state in (''waiting'', ''queued''))'),
    ('kept_answer', 'darkroom.kept_answer',
     't.since < $1
      and not exists (select 1 from public.job_queue q where q.id = t.job_id
                         and q.status is distinct from ''completed'' and q.status is distinct from ''failed'')'),
    -- Workers with a webhook delete them sooner.
    ('webhook_event', 'darkroom.webhook_event', 't.created_at < now() - interval ''31 days'''),
    ('job_failure', 'darkroom.job_failure',
     't.failed_at < $1
      and not exists (select 1 from public.job_queue q where q.id = t.job_id
                         and q.status is distinct from ''completed''
                           and q.status is distinct from ''failed'')'),
    -- Their pictures show a seller's photo.
    ('deleted_rejection', 'darkroom.rejection',
     'not exists (select 1 from public.job_queue q where q.id = t.job_id)
      or not exists (select 1 from darkroom.claimed_job c
        join public."Project" p on p.id = c.project_id where c.job_id = t.job_id)
     and not exists (select 1 from darkroom.batch_item i
        join public."Project" p on p.id = i.project_id where i.job_id = t.job_id)'),
    ('rejection', 'darkroom.rejection',
     't.created_at < $1
      and not exists (select 1 from public.job_queue q where q.id = t.job_id
                         and q.status is distinct from ''completed''
                           and q.status is distinct from ''failed'')')
  ) x(kind, tab, condition) where x.kind = tidy_condition.kind
$$;
comment on function darkroom.tidy_condition is
  'Returns the table of a kind of rows that can be deleted, and the condition for it; $1 is the '
  'time before which they are old.';

create or replace function darkroom.tidy_count(kind text, days int) returns jsonb
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp
set lock_timeout = '2s' as $$
declare
  rule record := darkroom.tidy_condition(kind);
  found jsonb;
begin
  execute format('select jsonb_build_object(''count'', count(*),
                           ''bytes'', coalesce(sum(pg_column_size(t)), 0))
                    from %s t where %s', rule.tab, rule.condition)
    into found using now() - make_interval(days => days);
  return found;
end
$$;
comment on function darkroom.tidy_count is
  'Returns number and size of the rows of a kind that can be deleted.';

create or replace function darkroom.tidy_delete(kind text, days int, most int) returns jsonb
language plpgsql security definer set search_path = pg_catalog, public, pg_temp
set lock_timeout = '2s' as $$
declare
  rule record := darkroom.tidy_condition(kind);
  removed jsonb;
begin
  execute format('with row as (
      delete from %1$s x where x.ctid = any (array(
        select t.ctid from %1$s t where %2$s limit $2 for update of t skip locked))
      returning pg_column_size(x) as size)
    select jsonb_build_object(''count'', count(*), ''bytes'', coalesce(sum(size), 0)) from row',
    rule.tab, rule.condition)
    into removed using now() - make_interval(days => days), most;
  return removed;
end
$$;
comment on function darkroom.tidy_delete is
  'Deletes at most `most` rows of a kind, and returns number and size of those deleted. Rows that '
  'another session has locked stay for the next call.';
