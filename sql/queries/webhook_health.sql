select darkroom.webhook_health()
