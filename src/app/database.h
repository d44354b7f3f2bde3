/* database.h - short sessions with the database that the settings select. */
#ifndef APP_DATABASE_H
#define APP_DATABASE_H
#include "base/json.h"
#include "io/postgres/sql.h"
#include "settings/settings.h"

/* ERROR_CONFIG, with a hint, if the URL is not set. Freed with database_url_free. */
bool database_url_of(const struct settings *settings, struct database_url *out,
                     struct error *err) MUST_CHECK;

/* Connects; `command` appears in application_name. Returns NULL with *err set on failure, also if
 * the schema of the database is not one that this program can use. Closed with sql_close. */
struct sql_session *database_open(const struct settings *settings, const char *command,
                                  struct error *err) MUST_CHECK;
/* The same for a database in any state. */
struct sql_session *database_open_unchecked(const struct settings *settings, const char *command,
                                            struct error *err) MUST_CHECK;

/* Runs a statement of sql/queries, by its name, and parses the JSON it returns. The caller deletes
 * *out. */
bool database_query(struct sql_session *session, const char *statement, int param_count,
                    const char *const *params, cJSON **out, struct error *err) MUST_CHECK;
#endif
