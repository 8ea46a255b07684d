/* The matrix product of the BLAS that NumPy itself uses.

   Its address is found when the engine is loaded, so there is one BLAS in the process, one set of
   threads, and nothing to link with. Integers are 32 or 64 bits wide, as that BLAS was built. */
#include <pthread.h>
#include <stdint.h>

enum { ROW_MAJOR = 101, AS_IS = 111, TRANSPOSED = 112 };

static struct {
    void *gemm_float, *gemm_double;
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
