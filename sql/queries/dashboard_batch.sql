select darkroom.dashboard_batch($1, $2::int, $3::int)
