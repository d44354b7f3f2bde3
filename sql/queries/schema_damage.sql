-- What another program has dropped, disabled or replaced since the last migration.
select darkroom.damaged_objects()
