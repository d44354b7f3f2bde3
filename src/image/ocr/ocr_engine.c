/* ocr_engine.c - loads Tesseract, and keeps its instances, since starting one takes 0.1 s. */
#include "image/ocr/ocr_engine.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

static struct ocr_library functions;
static bool loaded;
static pthread_once_t load_once = PTHREAD_ONCE_INIT;

static bool resolve(void *library, const char *name, void *to)
{
    void *found = dlsym(library, name);

    memcpy(to, &found, sizeof found);
    return found != NULL;
}

static void load(void)
{
    void *library = dlopen("libtesseract.so.5", RTLD_NOW | RTLD_LOCAL);

    if (!library) {
        return;
    }
    loaded = true;
#define OCR_FUNCTION(name) loaded = resolve(library, #name, &functions.name) && loaded;
#include "image/ocr/ocr_functions.inc"
#undef OCR_FUNCTION
}

const struct ocr_library *ocr_library(void)
{
    pthread_once(&load_once, load);
    return loaded ? &functions : NULL;
}

/* -- engines --------------------------------------------------------------------------------- */

static struct ocr_engine engines[OCR_ENGINES];
static bool in_use[OCR_ENGINES];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t returned = PTHREAD_COND_INITIALIZER;

/* Returns an idle engine, preferably one with these languages, then one that is not started; -1 if
 * all are in use. */
static int find_idle(const char *languages)
{
    int found = -1;

    for (int i = 0; i < OCR_ENGINES; i++) {
        if (in_use[i]) {
            continue;
        }
        if (engines[i].api && strcmp(engines[i].languages, languages) == 0) {
            return i;
        }
        if (found < 0 || !engines[i].api) {
            found = i;
        }
    }
    return found;
}

/* Each read uses one thread: other pool threads have work of their own, and threads that wait for
 * each other take four times the processor time. Tesseract asks for four threads, whatever
 * omp_set_num_threads says; without active levels it gets none. OpenMP keeps this per thread. */
static void use_one_thread(void)
{
    void *openmp = dlopen("libgomp.so.1", RTLD_LAZY | RTLD_NOLOAD);
    void *found = openmp ? dlsym(openmp, "omp_set_max_active_levels") : NULL;
    void (*set)(int);

    memcpy(&set, &found, sizeof set);
    if (set) {
        set(0);
    }
    if (openmp) {
        dlclose(openmp);
    }
}

static bool start(const struct ocr_library *library, struct ocr_engine *engine, const char *folder,
                  const char *languages)
{
    if (engine->api && strcmp(engine->languages, languages) == 0) {
        return true;
    }
    if (engine->api) {
        library->TessBaseAPIDelete(engine->api);
    }
    engine->api = library->TessBaseAPICreate();
    if (engine->api &&
        library->TessBaseAPIInit2(engine->api, folder, languages, OEM_LSTM_ONLY) != 0) {
        library->TessBaseAPIDelete(engine->api);
        engine->api = NULL;
    }
    if (!engine->api) {
        return false;
    }
    snprintf(engine->languages, sizeof engine->languages, "%s", languages);
    library->TessBaseAPISetVariable(engine->api, "debug_file", "/dev/null");
    return true;
}

struct ocr_engine *ocr_engine_take(const struct ocr_library *library, const char *folder,
                                   const char *languages)
{
    int at;

    pthread_mutex_lock(&lock);
    while ((at = find_idle(languages)) < 0) {
        pthread_cond_wait(&returned, &lock);
    }
    in_use[at] = true;
    pthread_mutex_unlock(&lock);
    use_one_thread();
    if (start(library, &engines[at], folder, languages)) {
        return &engines[at];
    }
    ocr_engine_return(&engines[at]);
    return NULL;
}

void ocr_engine_return(struct ocr_engine *engine)
{
    pthread_mutex_lock(&lock);
    in_use[engine - engines] = false;
    pthread_cond_signal(&returned);
    pthread_mutex_unlock(&lock);
}
