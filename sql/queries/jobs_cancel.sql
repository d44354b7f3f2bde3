select darkroom.cancel_job($1::uuid)
