/* storage_folder.h - names of objects, and the objects that an earlier stand-in left in its folder.
 */
#ifndef STANDIN_STORAGE_STORAGE_FOLDER_H
#define STANDIN_STORAGE_STORAGE_FOLDER_H
#include "standin/storage/storage.h"

bool storage_key_valid(const char *key); /* allowed characters; no part is empty, "." or ".." */

/* Receives an object. key and content are valid during the call. */
typedef void storage_found(void *context, struct bucket *bucket, const char *key, const char *type,
                           const struct blob *content);

/* Calls `found` for each file below folder/bucket whose name is valid for an object; a folder that
 * does not exist has none. Fails with ERROR_CONFIG if a file cannot be read. */
bool storage_folder_load(const char *folder, struct bucket *bucket, storage_found *found,
                         void *context, struct error *err) MUST_CHECK;
#endif
