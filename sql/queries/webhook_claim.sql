select darkroom.claim_webhook_events($1, $2, $3)
