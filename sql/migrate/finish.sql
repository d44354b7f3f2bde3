-- Runs after the files of sql/install.
select darkroom.restrict_access();
