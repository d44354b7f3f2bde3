/* twice.h - loops over pixels that are compiled twice, for the baseline processor and for AVX2: the
 * compiler vectorizes both. The processor decides which one runs.
 *
 *   TWICE_INLINE void NAME_any PARAMETERS { ... }
 *   COMPILED_TWICE(NAME, PARAMETERS, ARGUMENTS)
 *
 * defines a function NAME, which calls the best version. PARAMETERS and ARGUMENTS are lists in
 * parentheses. AVX2 alone has no fused multiply-add, so that both versions round alike. */
#ifndef IMAGE_TWICE_H
#define IMAGE_TWICE_H

#define TWICE_INLINE static inline __attribute__((always_inline))

#if defined(__x86_64__)
#define COMPILED_TWICE(name, parameters, arguments)                                                \
    __attribute__((target("avx2"))) static void name##_avx2 parameters                             \
    {                                                                                              \
        name##_any arguments;                                                                      \
    }                                                                                              \
    static void name parameters                                                                    \
    {                                                                                              \
        if (__builtin_cpu_supports("avx2")) {                                                      \
            name##_avx2 arguments;                                                                 \
        } else {                                                                                   \
            name##_any arguments;                                                                  \
        }                                                                                          \
    }
#else
#define COMPILED_TWICE(name, parameters, arguments)                                                \
    static void name parameters                                                                    \
    {                                                                                              \
        name##_any arguments;                                                                      \
    }
#endif
#endif
