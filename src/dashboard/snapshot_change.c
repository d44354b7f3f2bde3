/* snapshot_change.c - compares two snapshots member by member, and lists row by row. */
#include "dashboard/snapshot_change.h"

#include <string.h>

/* NULL if the element is no object with an "id" */
static const char *id_of(const cJSON *element)
{
    return json_peek_text(element, "id");
}

static bool has_ids(const cJSON *list)
{
    const cJSON *element;

    if (!cJSON_IsArray(list)) {
        return false;
    }
    cJSON_ArrayForEach(element, list)
    {
        if (!id_of(element)) {
            return false;
        }
    }
    return true;
}

/* `near`: the element of `list` at the same place, where the row usually is. */
static const cJSON *find_row(const cJSON *list, const cJSON *near, const char *id)
{
    const cJSON *element;

    if (near && strcmp(id_of(near), id) == 0) {
        return near;
    }
    cJSON_ArrayForEach(element, list)
    {
        if (strcmp(id_of(element), id) == 0) {
            return element;
        }
    }
    return NULL;
}

static cJSON *changed_rows(const cJSON *before, const cJSON *after)
{
    cJSON *change = cJSON_CreateObject();
    cJSON *rows = cJSON_AddArrayToObject(change, "rows");
    const cJSON *element, *near = before->child;
    bool moved = cJSON_GetArraySize(before) != cJSON_GetArraySize(after);

    cJSON_ArrayForEach(element, after)
    {
        const cJSON *old = find_row(before, near, id_of(element));

        moved = moved || old != near;
        if (!old || !cJSON_Compare(old, element, true)) {
            cJSON_AddItemToArray(rows, cJSON_Duplicate(element, true));
        }
        near = near ? near->next : NULL;
    }
    if (moved) {
        cJSON *ids = cJSON_AddArrayToObject(change, "ids");

        cJSON_ArrayForEach(element, after)
        {
            cJSON_AddItemToArray(ids, cJSON_CreateString(id_of(element)));
        }
    }
    return change;
}

cJSON *snapshot_change(const cJSON *before, const cJSON *after)
{
    cJSON *set = cJSON_CreateObject(), *rows = cJSON_CreateObject(), *change = NULL;
    const cJSON *member;

    cJSON_ArrayForEach(member, after)
    {
        const cJSON *old = cJSON_GetObjectItemCaseSensitive(before, member->string);

        if (old && cJSON_Compare(old, member, true)) {
            continue;
        }
        if (old && has_ids(old) && has_ids(member)) {
            cJSON_AddItemToObject(rows, member->string, changed_rows(old, member));
        } else {
            cJSON_AddItemToObject(set, member->string, cJSON_Duplicate(member, true));
        }
    }
    cJSON_ArrayForEach(member, before)
    {
        if (!cJSON_GetObjectItemCaseSensitive(after, member->string)) {
            cJSON_AddNullToObject(set, member->string);
        }
    }
    if (set->child || rows->child) {
        change = cJSON_CreateObject();
        cJSON_AddItemToObject(change, "set", set);
        cJSON_AddItemToObject(change, "rows", rows);
        return change;
    }
    cJSON_Delete(set);
    cJSON_Delete(rows);
    return NULL;
}
