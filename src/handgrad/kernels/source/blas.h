/* The matrix product of the BLAS that NumPy itself uses.

   Its address is found when the engine is loaded, so there is one BLAS in the process, one set of
   threads, and nothing to link with. Integers are 32 or 64 bits wide, as that BLAS was built. */
#include <pthread.h>
#include <stdint.h>

enum { ROW_MAJOR = 101, AS_IS = 111, TRANSPOSED = 112 };

typedef void (*sgemm32)(int, int, int, int32_t, int32_t, int32_t, float, const float *, int32_t,
                        const float *, int32_t, float, float *, int32_t);
typedef void (*sgemm64)(int, int, int, int64_t, int64_t, int64_t, float, const float *, int64_t,
                        const float *, int64_t, float, float *, int64_t);
typedef void (*dgemm32)(int, int, int, int32_t, int32_t, int32_t, double, const double *, int32_t,
                        const double *, int32_t, double, double *, int32_t);
typedef void (*dgemm64)(int, int, int, int64_t, int64_t, int64_t, double, const double *, int64_t,
                        const double *, int64_t, double, double *, int64_t);

static struct {
    void *sgemm, *dgemm;
    int wide; /* 64-bit integers */
    void (*set_threads)(int);
    int (*get_threads)(void);
    pthread_mutex_t lock;
    int users, before;
} blas = {.lock = PTHREAD_MUTEX_INITIALIZER};

/* While anyone is inside, every product runs on its caller's thread; the last one out puts the
   number of BLAS threads back. */
static void products_single_threaded(int enter) {
    if (!blas.set_threads) return;
    pthread_mutex_lock(&blas.lock);
    if (enter && blas.users++ == 0) {
        blas.before = blas.get_threads();
        if (blas.before > 1) blas.set_threads(1);
    } else if (!enter && --blas.users == 0 && blas.before > 1) {
        blas.set_threads(blas.before);
    }
    pthread_mutex_unlock(&blas.lock);
}

/* C (m, n) = op(A) op(B), all row-major. */
static void product_float(int ta, int tb, int64_t m, int64_t n, int64_t k, const float *A,
                          int64_t lda, const float *B, int64_t ldb, float *C, int64_t ldc) {
    if (m <= 0 || n <= 0) return;
    if (blas.wide)
        ((sgemm64)blas.sgemm)(ROW_MAJOR, ta, tb, m, n, k, 1, A, lda, B, ldb, 0, C, ldc);
    else
        ((sgemm32)blas.sgemm)(ROW_MAJOR, ta, tb, (int32_t)m, (int32_t)n, (int32_t)k, 1, A,
                              (int32_t)lda, B, (int32_t)ldb, 0, C, (int32_t)ldc);
}

static void product_double(int ta, int tb, int64_t m, int64_t n, int64_t k, const double *A,
                           int64_t lda, const double *B, int64_t ldb, double *C, int64_t ldc) {
    if (m <= 0 || n <= 0) return;
    if (blas.wide)
        ((dgemm64)blas.dgemm)(ROW_MAJOR, ta, tb, m, n, k, 1, A, lda, B, ldb, 0, C, ldc);
    else
        ((dgemm32)blas.dgemm)(ROW_MAJOR, ta, tb, (int32_t)m, (int32_t)n, (int32_t)k, 1, A,
                              (int32_t)lda, B, (int32_t)ldb, 0, C, (int32_t)ldc);
}
