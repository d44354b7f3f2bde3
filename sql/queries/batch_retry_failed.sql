select darkroom.batch_retry_failed($1)
