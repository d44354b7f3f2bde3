-- 022_candidates.sql - candidates of batches with the fields that filters use, for decisions by filter.

create or replace function darkroom.decidable_candidates()
returns table (batch text, item int, variant int, decision text, id text, project_id text, user_id text,
  type text, style text, url text, width int, height int, metadata jsonb, facts jsonb)
language sql stable as $$
select i.batch_id, i.item, i.variant, i.decision, i.job_id::text, i.project_id,
       i.user_id, i.type, i.style, i.url, i.width, i.height, i.metadata,
       darkroom.image_facts(i.job_id::text, i.type, i.style, i.width, i.height, i.size, i.metadata,
         timezone('utc', q.completed_at)::timestamp, p, b.name::text, 'stored')
  from darkroom.batch_item i
  join public."Project" p on p.id = i.project_id
  left join public."BrandKit" b on b.id = p."brandKitId"
  left join public.job_queue q on q.id = i.job_id
 where i.state = 'done'
$$;
comment on function darkroom.decidable_candidates is
  'Returns candidates that were made, with the fields that filters use. A function, as '
  'selectable_images().';
create or replace view darkroom.decidable as select * from darkroom.decidable_candidates();
comment on view darkroom.decidable is 'decidable_candidates() as a view.';

create or replace function darkroom.readable_candidates() returns setof darkroom.decidable
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select * from darkroom.decidable_candidates()
$$;
comment on function darkroom.readable_candidates is
  'decidable_candidates() for readers of the view darkroom.candidates, who may not read the tables.';
