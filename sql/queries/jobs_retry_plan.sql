-- What a retry of these jobs would do. $1: ids of failed jobs.
select darkroom.retry_plan($1::uuid[])
