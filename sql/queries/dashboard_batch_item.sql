select darkroom.dashboard_batch_item($1, $2::int)
