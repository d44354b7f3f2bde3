/* onnx_api.h - the part of ONNX Runtime's C API that is used here. Debian has no package with its
 * header, and the library is optional, so the declarations are here. */
#ifndef MATTING_ONNX_API_H
#define MATTING_ONNX_API_H
#include <stddef.h>
#include <stdint.h>

/* Types of the library. */
struct ort_status; /* NULL = success */
struct ort_env;
struct ort_options;
struct ort_session;
struct ort_allocator;
struct ort_memory_info;
struct ort_value;
struct ort_type;
struct ort_tensor_info;

enum {
    ONNX_API_VERSION = 1,     /* all versions of the library know it */
    ONNX_API_FUNCTIONS = 102, /* of that version */
    ONNX_LOG_FATAL = 4,       /* OrtLoggingLevel */
    ONNX_FLOAT = 1,           /* ONNXTensorElementDataType */
    ONNX_ARENA_ALLOCATOR = 1, /* OrtAllocatorType */
    ONNX_MEMORY_DEFAULT = 0   /* OrtMemType */
};

typedef void (*onnx_function)(void);

struct onnx_api_base { /* OrtApiBase, which the exported function OrtGetApiBase returns */
    const onnx_function *(*get_api)(uint32_t version); /* returns NULL for an unknown version */
    const char *(*get_version)(void);
};

struct onnx_api {
#define ONNX_FUNCTION(name, position, result, ...) result (*(name))(__VA_ARGS__);
#include "matting/onnx_functions.inc"
#undef ONNX_FUNCTION
};
#endif
