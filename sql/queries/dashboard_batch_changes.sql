select darkroom.dashboard_batch_changes($1, $2::bigint)
