select darkroom.wait_for_service($1, $2, $3, $4, $5, $6, $7, $8, $9)
