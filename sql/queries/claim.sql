select darkroom.claim_with_kept($1, $2)
