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
#define EXP exp_float
#define SQRT sqrtf
#define PRODUCT product_float
#include "activations.inc"
#include "losses.inc"
#include "update_rules.inc"
#include "step.inc"
#include "entries.inc"
#undef REAL
#undef EXP
#undef SQRT
#undef PRODUCT

#define REAL double
#define EXP exp_double
#define SQRT sqrt
#define PRODUCT product_double
#include "activations.inc"
#include "losses.inc"
#include "update_rules.inc"
#include "step.inc"
#include "entries.inc"

EXPORT void handgrad_use_blas(void *sgemm, void *dgemm, int64_t wide, void *set_threads,
                              void *get_threads) {
    blas.sgemm = sgemm;
    blas.dgemm = dgemm;
    blas.wide = (int)wide;
    blas.set_threads = (void (*)(int))set_threads;
    blas.get_threads = (int (*)(void))get_threads;
}

EXPORT void handgrad_use_threads(int64_t n) { threads = n < 1 ? 1 : n > MOST_THREADS ? MOST_THREADS : n; }

/* Changes whenever what Python calls does. */
EXPORT int64_t handgrad_version(void) { return 2; }

/* C (m, n) = A (m, k) B (k, n): asked once, to see that the BLAS found is the one taken for. */
EXPORT void handgrad_product_float(int64_t m, int64_t n, int64_t k, const float *A, const float *B, float *C) {
    product_float(AS_IS, AS_IS, m, n, k, A, k, B, n, C, n);
}

EXPORT void handgrad_product_double(int64_t m, int64_t n, int64_t k, const double *A, const double *B, double *C) {
    product_double(AS_IS, AS_IS, m, n, k, A, k, B, n, C, n);
}
