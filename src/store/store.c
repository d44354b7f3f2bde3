/* store.c - the table of stores, and the paths of objects. */
#include "store/store.h"

#include <ctype.h>
#include <string.h>

#define STORE(name) extern const struct store store_##name;
#include "store/stores.inc"
#undef STORE

const struct store *const stores[] = {
#define STORE(name) &store_##name,
#include "store/stores.inc"
#undef STORE
    NULL,
};

const struct store *store_find(const char *name)
{
    for (int i = 0; stores[i]; i++) {
        if (strcmp(stores[i]->name, name) == 0) {
            return stores[i];
        }
    }
    return NULL;
}

enum { SLUG_MAX = 32, ID_MAX = 128 };

/* Letters, digits, '-' and '_' are the part of S3's usual set that needs no escape anywhere. */
static bool id_is_safe(const char *id)
{
    size_t size = strlen(id);

    if (size == 0 || size > ID_MAX) {
        return false;
    }
    for (const char *at = id; *at; at++) {
        if (!isalnum((unsigned char)*at) && *at != '-' && *at != '_') {
            return false;
        }
    }
    return true;
}

static const char *slug(const char *style, struct arena *arena)
{
    char *out = arena_alloc(arena, SLUG_MAX + 2), *to = out;

    for (; *style && to - out < SLUG_MAX; style++) {
        unsigned char c = (unsigned char)*style;

        if (c < 0x80 && isalnum(c)) {
            *to++ = (char)tolower(c);
        } else if (to > out && to[-1] != '-') {
            *to++ = '-';
        }
    }
    while (to > out && to[-1] == '-') {
        to--;
    }
    *to = '\0';
    return out;
}

bool object_path(const char *user_id, const char *project_id, const char *kind, const char *style,
                 int64_t created_ms, const char *job_id, const char *extension, struct arena *arena,
                 const char **out, struct error *err)
{
    const char *word = slug(style ? style : "", arena);

    if (!id_is_safe(user_id) || !id_is_safe(project_id)) {
        return error_set(err, ERROR_INPUT,
                         "the id of the user or project has characters that a file name must not "
                         "have");
    }
    *out = arena_printf(arena, "%s/%s/%s%s%s-%lld-%.8s.%s", user_id, project_id, kind,
                        word[0] ? "-" : "", word, (long long)created_ms, job_id, extension);
    return true;
}

/* True if the path has no empty part, no "." or "..", and no character that needs an escape. */
static bool path_is_safe(const char *path)
{
    size_t part = 0;

    for (const char *at = path;; at++) {
        unsigned char c = (unsigned char)*at;

        if (c == '/' || c == '\0') {
            if (part == 0 || (part == 1 && at[-1] == '.') ||
                (part == 2 && at[-1] == '.' && at[-2] == '.')) {
                return false;
            }
            part = 0;
            if (c == '\0') {
                return true;
            }
        } else if (c > ' ' && c < 0x7f && !strchr("\\\"#?%<>^`{|}", c)) {
            part++;
        } else {
            return false;
        }
    }
}

bool object_of_url(const struct store_target *at, const char *url, struct arena *arena,
                   struct object *out)
{
    static const char middle[] = "/storage/v1/object/public/";
    size_t base = at->base_url ? strlen(at->base_url) : 0;
    const char *rest, *slash;

    if (base == 0 || strncmp(url, at->base_url, base) != 0 ||
        strncmp(url + base, middle, sizeof middle - 1) != 0) {
        return false;
    }
    rest = url + base + sizeof middle - 1;
    slash = strchr(rest, '/');
    if (!slash || slash == rest) {
        return false;
    }
    out->bucket = arena_bytes(arena, rest, (size_t)(slash - rest));
    out->path = arena_text(arena, slash + 1);
    return path_is_safe(out->bucket) && path_is_safe(out->path);
}
