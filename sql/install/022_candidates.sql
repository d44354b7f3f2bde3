-- 022_candidates.sql - candidates of batches with the fields that filters use, for decisions by filter.

create or replace view darkroom.decidable as
select i.batch_id as batch, i.item, i.variant, i.decision, i.job_id::text as id, i.project_id,
       i.user_id, i.type, i.style, i.url, i.width, i.height, i.metadata,
       darkroom.image_facts(i.job_id::text, i.type, i.style, i.width, i.height, i.size, i.metadata,
         timezone('utc', q.completed_at)::timestamp, p, b.name, 'stored') as facts
  from darkroom.batch_item i
  join public."Project" p on p.id = i.project_id
  left join public."BrandKit" b on b.id = p."brandKitId"
  left join public.job_queue q on q.id = i.job_id
 where i.state = 'done';
comment on view darkroom.decidable is
  'Candidates that were made, with the fields that filters use.';

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
       nullif(m.facts->>'reviewer', '') as reviewed_by, d.url
  from darkroom.decidable d
 cross join lateral (select darkroom.more_facts(d.facts, d.metadata, '{"more": true}') as facts) m;
comment on view darkroom.candidates is
  'Candidates of batches, for --sql of `darkroom accept`, `reject` and `revert`: one row each, '
  'read-only.';
