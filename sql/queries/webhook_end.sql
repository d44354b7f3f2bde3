select darkroom.end_webhook_event($1, $2, $3, $4)
