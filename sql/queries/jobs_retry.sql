select darkroom.retry_job($1::uuid)
