select darkroom.review_vote($1::uuid, $2, $3)
