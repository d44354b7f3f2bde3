select darkroom.plan_of_jobs($1::jsonb, $2)
