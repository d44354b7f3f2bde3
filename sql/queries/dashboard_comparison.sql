select darkroom.dashboard_comparison($1, $2::int, $3::int)
