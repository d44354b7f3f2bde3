/* ocr_languages.c - finds the folder of Tesseract's data and the languages in it. */
#include "image/ocr/ocr_languages.h"

#include <dirent.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "image/ocr/ocr_engine.h"

static const char data_suffix[] = ".traineddata";

/* Debian's and Fedora's folders, and the default of a build from source. */
static const char *const folders[] = { "/usr/share/tesseract-ocr/5/tessdata",
                                       "/usr/share/tesseract-ocr/4.00/tessdata",
                                       "/usr/share/tesseract/tessdata", "/usr/share/tessdata",
                                       "/usr/local/share/tessdata" };

/* Appends a language to a list joined by '+', unless the buffer is too small. */
static bool append(char *list, size_t size, const char *language, size_t length)
{
    size_t used = strlen(list);
    int written =
        snprintf(list + used, size - used, "%s%.*s", used ? "+" : "", (int)length, language);

    if (written < 0 || (size_t)written >= size - used) {
        list[used] = '\0';
        return false;
    }
    return true;
}

/* Returns false if the folder has no language data. */
static bool list_languages(const char *folder, struct ocr_state *out)
{
    DIR *dir = opendir(folder);
    const struct dirent *entry;

    if (!dir) {
        return false;
    }
    while ((entry = readdir(dir))) {
        size_t length = strlen(entry->d_name), suffix = sizeof data_suffix - 1;

        if (length > suffix && strcmp(entry->d_name + length - suffix, data_suffix) == 0 &&
            strncmp(entry->d_name, "osd.", 4) != 0) { /* orientation and script, no language */
            (void)append(out->languages, sizeof out->languages, entry->d_name, length - suffix);
        }
    }
    closedir(dir);
    if (out->languages[0]) {
        snprintf(out->folder, sizeof out->folder, "%s", folder);
    }
    return out->languages[0] != '\0';
}

static void find_folder(struct ocr_state *out)
{
    const char *set = getenv("TESSDATA_PREFIX"); /* Tesseract's own variable */

    if (set && set[0]) {
        (void)list_languages(set, out);
        return;
    }
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        if (list_languages(folders[i], out)) {
            return;
        }
    }
}

static struct ocr_state found;
static pthread_once_t find_once = PTHREAD_ONCE_INIT;

static void find(void)
{
    const struct ocr_library *library = ocr_library();

    found.library = library != NULL;
    if (library) {
        snprintf(found.version, sizeof found.version, "%s", library->TessVersion());
    }
    find_folder(&found);
}

void ocr_state(struct ocr_state *out)
{
    pthread_once(&find_once, find);
    *out = found;
}

/* Returns true if a list joined by '+' contains the language. */
static bool contains(const char *list, const char *language, size_t length)
{
    while (*list) {
        size_t item = strcspn(list, "+");

        if (item == length && memcmp(list, language, length) == 0) {
            return true;
        }
        list += item + (list[item] == '+');
    }
    return false;
}

bool ocr_languages_with_data(const struct ocr_state *state, const char *languages, char *out,
                             size_t size)
{
    out[0] = '\0';
    while (*languages) {
        size_t length = strcspn(languages, "+");

        if (contains(state->languages, languages, length) &&
            !append(out, size, languages, length)) {
            return false;
        }
        languages += length + (languages[length] == '+');
    }
    return out[0] != '\0';
}
