select darkroom.dashboard_jobs($1::jsonb)
