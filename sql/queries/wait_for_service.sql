select darkroom.wait_for_service_keeping($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
