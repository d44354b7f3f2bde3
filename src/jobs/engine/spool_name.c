/* spool_name.c - recognises the names of the files in the spool. */
#include <ctype.h>
#include <string.h>

#include "jobs/engine/spool.h"

enum { ID_LENGTH = 36 };

static bool starts_with_id(const char *name)
{
    for (int i = 0; i < ID_LENGTH; i++) {
        bool dash = i == 8 || i == 13 || i == 18 || i == 23;

        if (dash ? name[i] != '-' : !isxdigit((unsigned char)name[i])) {
            return false;
        }
    }
    return true;
}

bool spool_names_answer(const char *name)
{
    const char *step, *index;

    if (!starts_with_id(name) || name[ID_LENGTH] != '.') {
        return false;
    }
    step = name + ID_LENGTH + 1;
    index = step + strspn(step, "abcdefghijklmnopqrstuvwxyz_");
    if (index > step && *index == '-' && starts_with_id(index + 1)) { /* of an item of the job */
        index += 1 + ID_LENGTH;
    }
    return index > step && *index == '.' && index[1] != '\0' &&
           strspn(index + 1, "0123456789") == strlen(index + 1);
}
