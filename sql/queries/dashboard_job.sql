select coalesce(darkroom.dashboard_job($1::uuid), 'null'::jsonb)
