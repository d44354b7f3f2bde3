-- 024_views.sql - the views that conditions of --sql name. New columns are added at the end: PostgreSQL
-- changes a view in place only if its columns keep their order.

create or replace view darkroom.images as
select s.id, s.project_id, s.user_id, m.facts->>'email' as user_email, s.type, s.style,
       nullif(s.facts->>'model', '') as model, nullif(s.facts->>'provider', '') as provider,
       nullif(s.facts->>'created', '')::timestamptz as created, s.width, s.height,
       (s.facts->>'bytes')::bigint as bytes, (s.facts->>'cost')::numeric as cost,
       nullif(s.facts->>'quality', '') as quality, nullif(s.facts->>'template', '') as template,
       nullif(m.facts->>'prompt', '') as prompt, (m.facts->>'likeness')::numeric as likeness,
       array(select jsonb_array_elements_text(s.facts->'failed')) as failed,
       array(select jsonb_array_elements_text(m.facts->'passed')) as passed,
       s.facts->>'status' as status, s.facts->>'state' as state,
       nullif(m.facts->>'error', '') as error, s.facts->>'product' as product,
       nullif(s.facts->>'category', '') as category,
       nullif(s.facts->>'marketplace', '') as marketplace, nullif(s.facts->>'brand', '') as brand,
       nullif(s.facts->>'plate', '') as plate, nullif(s.facts->>'language', '') as language,
       nullif(m.facts->>'reviewer', '') as reviewed_by, s.url, s.newest,
       array(select jsonb_array_elements_text(m.facts->'reasons')) as reasons
  from darkroom.readable_images() s
 cross join lateral (select darkroom.more_facts(s.facts, s.metadata, '{"more": true}') as facts) m;
comment on view darkroom.images is
  'Images, and slots whose image failed, for `darkroom regenerate --sql`: one row each, read-only.';

create or replace view darkroom.candidates as
select d.batch, d.item, d.variant, d.decision, d.id, d.project_id, d.user_id,
       m.facts->>'email' as user_email, d.type, d.style,
       nullif(d.facts->>'model', '') as model, nullif(d.facts->>'provider', '') as provider,
       nullif(d.facts->>'created', '')::timestamptz as created, d.width, d.height,
       (d.facts->>'bytes')::bigint as bytes, (d.facts->>'cost')::numeric as cost,
       nullif(d.facts->>'quality', '') as quality, nullif(d.facts->>'template', '') as template,
       nullif(m.facts->>'prompt', '') as prompt, (m.facts->>'likeness')::numeric as likeness,
       array(select jsonb_array_elements_text(d.facts->'failed')) as failed,
       array(select jsonb_array_elements_text(m.facts->'passed')) as passed,
       d.facts->>'status' as status, d.facts->>'product' as product,
       nullif(d.facts->>'category', '') as category,
       nullif(d.facts->>'marketplace', '') as marketplace, nullif(d.facts->>'brand', '') as brand,
       nullif(d.facts->>'plate', '') as plate, nullif(d.facts->>'language', '') as language,
       nullif(m.facts->>'reviewer', '') as reviewed_by, d.url,
       array(select jsonb_array_elements_text(m.facts->'reasons')) as reasons
  from darkroom.readable_candidates() d
 cross join lateral (select darkroom.more_facts(d.facts, d.metadata, '{"more": true}') as facts) m;
comment on view darkroom.candidates is
  'Candidates of batches, for --sql of `darkroom accept`, `reject` and `revert`: one row each, '
  'read-only.';
