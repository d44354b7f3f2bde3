-- Runs after the files of sql/install.
select darkroom.finish_migration();
select darkroom.record_objects();
