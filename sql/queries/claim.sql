select darkroom.claim_for($1, $2)
