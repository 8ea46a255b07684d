/* The compiled engine: one shared library that knows nothing of Python.

   Python finds its functions by name (handgrad/kernels/native.py), so one build serves every version
   of Python. Loops marked VECTOR are compiled once for each instruction set, and the processor's own
   is chosen when the library is loaded. */
#include <math.h>
#include <stddef.h>

#include "blas.h"
#include "exponential.h"
#include "pool.h"

#define EXPORT __attribute__((visibility("default")))
#if defined(__x86_64__) && defined(__gnu_linux__) && defined(__GNUC__) && !defined(__clang__) && __GNUC__ >= 12
#define VECTOR __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define VECTOR
#endif

#define JOIN(a, b) a##_##b
#define JOINED(a, b) JOIN(a, b)
#define NAME(x) JOINED(x, REAL)

/* For the lists of activations, losses and update rules: one makes an enum of a list, the other its
   names. Python numbers them by these names (handgrad/kernels/native.py). */
#define NUMBER_OF(NUMBER, ...) NUMBER,
#define NAME_OF(NUMBER, name, ...) #name " "

static int64_t threads = 1;

#define REAL float
#define SQRT sqrtf
#include "product.inc"
#include "activations.inc"
#include "losses.inc"
#include "update_rules.inc"
#include "step.inc"
#include "entries.inc"
#undef REAL
#undef SQRT

#define REAL double
#define SQRT sqrt
#include "product.inc"
#include "activations.inc"
#include "losses.inc"
#include "update_rules.inc"
#include "step.inc"
#include "entries.inc"

EXPORT void handgrad_use_blas(void *gemm_float, void *gemm_double, int64_t wide,
                              void *set_threads, void *get_threads) {
    blas.gemm_float = gemm_float;
    blas.gemm_double = gemm_double;
    blas.wide = (int)wide;
    blas.set_threads = (void (*)(int))set_threads;
    blas.get_threads = (int (*)(void))get_threads;
}

EXPORT void handgrad_use_threads(int64_t n) { threads = n < 1 ? 1 : n > MOST_THREADS ? MOST_THREADS : n; }

/* Changes whenever what Python calls does. */
EXPORT int64_t handgrad_version(void) { return 2; }
