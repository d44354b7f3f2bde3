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
