select darkroom.dashboard_batches()
