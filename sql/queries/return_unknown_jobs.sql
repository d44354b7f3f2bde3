select darkroom.return_jobs($1, coalesce((
  select jsonb_agg(jsonb_build_object('id', q.id, 'lease', q.darkroom_lease))
    from public.job_queue q
   where q.darkroom_leased_by = $1 and q.status = 'processing' and q.id <> all ($2::uuid[])), '[]'))
