/* short_id.c - sorts the ids: the longest prefix that two ids share is shared by neighbours. */
#include "term/short_id.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

enum { MIN_CUT = 3 };

static int compare(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static int shared(const char *a, const char *b)
{
    int size = 0;

    while (a[size] && a[size] == b[size]) {
        size++;
    }
    return size;
}

int short_id_length(const cJSON *rows, const char *key)
{
    int count = 0, length = SHORT_ID_CHARS;
    const char **ids = xcalloc((size_t)cJSON_GetArraySize(rows) + 1, sizeof *ids);
    const cJSON *row;

    cJSON_ArrayForEach(row, rows)
    {
        const cJSON *id = cJSON_GetObjectItemCaseSensitive(row, key);

        if (cJSON_IsString(id)) {
            ids[count++] = id->valuestring;
        }
    }
    qsort(ids, (size_t)count, sizeof *ids, compare);
    for (int i = 1; i < count; i++) {
        int size = shared(ids[i - 1], ids[i]) + 1;

        if (size > length && strcmp(ids[i - 1], ids[i]) != 0) {
            length = size;
        }
    }
    free(ids);
    return length;
}

void short_id(const char *id, int length, char *out, size_t size)
{
    if (strlen(id) < (size_t)length + MIN_CUT) {
        length = (int)strlen(id);
    }
    while (length > 0 && ((unsigned char)id[length] & 0xc0) == 0x80) {
        length--; /* inside a character of UTF-8 */
    }
    snprintf(out, size, "%.*s", length, id);
}
