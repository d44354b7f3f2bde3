-- Gives jobs that are running at the installation the lease that 001_tables.sql gives them, 2,000
-- at a time, so that no lock is held for long. Returns how many.
with batch as materialized (
  select q.id from public.job_queue q
   where q.status = 'processing' and q.darkroom_lease_until is null
   limit 2000 for update skip locked
), filled as (
  update public.job_queue q
     set darkroom_leased_by = 'legacy', darkroom_lease_until = now() + interval '15 minutes'
    from batch where q.id = batch.id
  returning 1
)
select count(*) from filled
