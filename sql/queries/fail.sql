select darkroom.fail_job_keeping($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
