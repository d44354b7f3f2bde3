/* database_url_values.h - a database URL that must be valid, and its values. Include after cmocka.
 */
#ifndef TESTS_LIB_DATABASE_URL_VALUES_H
#define TESTS_LIB_DATABASE_URL_VALUES_H
#include <string.h>

#include "io/postgres/database_url.h"

static inline const char *value_of(const struct database_url *url, const char *keyword)
{
    for (int i = 0; i < url->count; i++) {
        if (strcmp(url->keywords[i], keyword) == 0) {
            return url->values[i];
        }
    }
    return "(none)";
}

static inline struct database_url read_url(const char *text)
{
    struct database_url url;
    struct error err;

    if (!database_url_read(text, &url, &err)) {
        fail_msg("%s: %s", text, err.text);
    }
    assert_null(url.keywords[url.count]);
    return url;
}
#endif
