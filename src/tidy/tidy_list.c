/* tidy_list.c - lists objects in the store that no row names, below the folders of known users. */
#include <string.h>

#include "base/memory.h"
#include "tidy/tidy_internal.h"

enum { ARRAY_BYTES = 1 << 20, PATH_BYTES = 1024 };

struct search {
    struct tidy *tidy;
    void (*found)(const char *path, int64_t bytes, void *context);
    void *context;
};

static void add_quoted(struct text *array, const char *path)
{
    text_add(array, array->size > 1 ? ",\"" : "\"");
    for (const char *at = path; *at; at++) {
        if (*at == '"' || *at == '\\') {
            text_add_char(array, '\\');
        }
        text_add_char(array, *at);
    }
    text_add_char(array, '"');
}

/* Reports those of one page of objects that the database does not know. */
static bool report_unknown(struct search *search, const char *folder,
                           const struct object_entry *rows, int count, struct error *err)
{
    struct arena *arena = arena_new();
    cJSON *sizes = cJSON_CreateObject(), *unknown = NULL;
    struct text array;
    const cJSON *path;
    bool good = true;

    text_begin(&array, ARRAY_BYTES);
    text_add_char(&array, '{');
    for (int i = 0; i < count; i++) {
        if (!rows[i].folder) {
            const char *full = arena_printf(arena, "%s/%s", folder, rows[i].name);

            add_quoted(&array, full);
            cJSON_AddNumberToObject(sizes, full, (double)rows[i].size);
        }
    }
    text_add_char(&array, '}');
    if (sizes->child) {
        const char *params[] = { array.data };

        good =
            database_query(search->tidy->session, "tidy_unknown_objects", 1, params, &unknown, err);
    }
    cJSON_ArrayForEach(path, unknown)
    {
        if (cJSON_IsString(path)) {
            search->found(path->valuestring, json_peek_int(sizes, path->valuestring, 0),
                          search->context);
        }
    }
    text_end(&array);
    cJSON_Delete(unknown);
    cJSON_Delete(sizes);
    arena_free(arena);
    return good;
}

/* Searches one folder. `folders`, unless NULL, receives the names of the folders in it. */
static bool search_folder(struct search *search, const char *folder, cJSON *folders,
                          struct error *err)
{
    struct object_entry rows[STORE_LISTS];
    int count = STORE_LISTS;
    bool good = true;

    for (int offset = 0; good && count == STORE_LISTS && !*search->tidy->stop; offset += count) {
        struct arena *arena = arena_new();

        good = store_client_list(&search->tidy->store_client, folder, offset, arena, rows, &count,
                                 err) &&
               report_unknown(search, folder, rows, count, err);
        for (int i = 0; good && folders && i < count; i++) {
            if (rows[i].folder) {
                cJSON_AddItemToArray(folders, cJSON_CreateString(rows[i].name));
            }
        }
        arena_free(arena);
    }
    return good;
}

/* A path is {user}/{project}/{name}. */
static bool search_user(struct search *search, const char *user, struct error *err)
{
    cJSON *projects = cJSON_CreateArray();
    const cJSON *project;
    bool good = search_folder(search, user, projects, err);

    cJSON_ArrayForEach(project, projects)
    {
        struct arena *arena = arena_new();

        good = good && !*search->tidy->stop &&
               search_folder(search, arena_printf(arena, "%s/%s", user, project->valuestring), NULL,
                             err);
        arena_free(arena);
    }
    cJSON_Delete(projects);
    return good || *search->tidy->stop;
}

bool tidy_list_unknown(struct tidy *tidy,
                       void (*found)(const char *path, int64_t bytes, void *context), void *context,
                       struct error *err)
{
    struct search search = { .tidy = tidy, .found = found, .context = context };
    cJSON *users = NULL;
    const cJSON *user = NULL;
    bool good = true;

    do {
        const char *params[] = { user ? user->valuestring : "" };
        cJSON *next = NULL;

        good = database_query(tidy->session, "tidy_users", 1, params, &next, err);
        cJSON_Delete(users);
        users = next;
        for (user = users ? users->child : NULL; good && user && !*tidy->stop; user = user->next) {
            good = cJSON_IsString(user) && search_user(&search, user->valuestring, err);
        }
        user = users && users->child ? users->child->prev : NULL; /* cJSON: the last of the array */
    } while (good && user && !*tidy->stop);
    cJSON_Delete(users);
    return good;
}
