/* database.h - the database of the settings, for commands that run a few statements and end. */
#ifndef APP_DATABASE_H
#define APP_DATABASE_H
#include "base/json.h"
#include "io/postgres/sql.h"
#include "settings/settings.h"

/* ERROR_CONFIG, with the variables to set, where there is no URL. Freed with database_url_free. */
bool database_url_of(const struct settings *settings, struct database_url *out,
                     struct error *err) MUST_CHECK;

/* Connects. NULL with *err set; closed with sql_close. */
struct sql_session *database_open(const struct settings *settings, const char *command,
                                  struct error *err) MUST_CHECK;

/* Runs a statement of sql/queries that gives JSON; the caller deletes *out. */
bool database_query(struct sql_session *session, const char *statement, int param_count,
                    const char *const *params, cJSON **out, struct error *err) MUST_CHECK;
#endif
