select darkroom.dashboard_rejection($1::bigint)
