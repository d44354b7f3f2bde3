select darkroom.resume_claims($1, $2)
