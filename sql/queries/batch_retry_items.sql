select darkroom.batch_retry_items($1, $2::uuid[])
