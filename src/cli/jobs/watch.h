/* watch.h - repeats a view of the database until it is stopped: a page on a terminal, lines
 * elsewhere. */
#ifndef CLI_JOBS_WATCH_H
#define CLI_JOBS_WATCH_H
#include <stdio.h>

#include "app/database.h"

struct repeated_view {
    const struct settings *settings;
    const char *command; /* "jobs", for application_name */
    void *context;
    /* Reads the data. */
    bool (*read)(struct sql_session *session, void *context, cJSON **out, struct error *err);
    /* Draws the page that fills the terminal. */
    void (*draw)(FILE *to, void *context, cJSON *data);
    /* Without a terminal: prints what has changed. */
    void (*print)(FILE *to, void *context, cJSON *data);
};

/* Reads and shows at most once a second, and so rarely that the database works on it for at most a
 * twentieth of the time. A lost connection is opened again. Returns the exit status. */
int watch_run(const struct repeated_view *watch, struct error *err);
#endif
