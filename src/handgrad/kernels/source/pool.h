/* One pool of threads for the whole process.

   A job is a row of phases; every part of a phase ends before the next phase begins. The caller is
   part 0. A caller that finds the pool busy runs all parts by itself: the parts, and with them the
   order of every sum, are the same, so the result does not depend on who ran it. */
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>

#define MOST_THREADS 64

typedef void (*phase_body)(void *job, int64_t phase, int64_t part, int64_t parts);

static struct {
    phase_body body;
    void *job;
    int64_t phases;
    int64_t workers;        /* started so far */
    atomic_ullong announced; /* number of the job · 256 + its parts, so that both are read at once */
    unsigned long long first[MOST_THREADS]; /* what was announced when each worker was started */
    atomic_int arrived, barrier_round, sleeping;
    pthread_mutex_t busy, sleep;
    pthread_cond_t wake;
    int forks_watched;
} pool = {.busy = PTHREAD_MUTEX_INITIALIZER,
          .sleep = PTHREAD_MUTEX_INITIALIZER,
          .wake = PTHREAD_COND_INITIALIZER};

static inline void relax(void) {
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}

/* Wait at the end of a phase. Short waits spin; on a busy machine the processor is given away. */
static void barrier(int64_t parts) {
    int round = atomic_load(&pool.barrier_round);
    if (atomic_fetch_add(&pool.arrived, 1) + 1 == parts) {
        atomic_store(&pool.arrived, 0);
        atomic_fetch_add(&pool.barrier_round, 1);
        return;
    }
    for (int spins = 0; atomic_load(&pool.barrier_round) == round; spins++) {
        if (spins < 2000) relax();
        else sched_yield();
    }
}

/* The job is read once: past the last barrier the next one may stand there already. */
static void run_part(int64_t part, int64_t parts) {
    phase_body body = pool.body;
    void *job = pool.job;
    int64_t phases = pool.phases;
    for (int64_t phase = 0; phase < phases; phase++) {
        body(job, phase, part, parts);
        barrier(parts);
    }
}

static void *worker(void *number) {
    int64_t part = (int64_t)(intptr_t)number;
    unsigned long long seen = pool.first[part];
    for (;;) {
        /* A training loop comes back within microseconds: look a little before going to sleep. */
        for (int spins = 0; spins < 4000 && atomic_load(&pool.announced) == seen; spins++) relax();
        if (atomic_load(&pool.announced) == seen) {
            pthread_mutex_lock(&pool.sleep);
            atomic_fetch_add(&pool.sleeping, 1);
            while (atomic_load(&pool.announced) == seen) pthread_cond_wait(&pool.wake, &pool.sleep);
            atomic_fetch_sub(&pool.sleeping, 1);
            pthread_mutex_unlock(&pool.sleep);
        }
        seen = atomic_load(&pool.announced);
        int64_t parts = (int64_t)(seen & 255);
        if (part < parts) run_part(part, parts);
    }
    return NULL;
}

/* A forked child has none of its parent's threads; it starts its own when it needs them. */
static void after_fork_in_child(void) {
    static const pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
    static const pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
    pool.workers = 0;
    pool.busy = pool.sleep = mutex;
    pool.wake = condition;
    atomic_store(&pool.arrived, 0);
    atomic_store(&pool.sleeping, 0);
}

/* Called with the pool locked; says how many parts can run at once. */
static int64_t grow(int64_t parts) {
    if (!pool.forks_watched) {
        pthread_atfork(NULL, NULL, after_fork_in_child);
        pool.forks_watched = 1;
    }
    sigset_t all, before; /* signals are for the threads of Python */
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    while (pool.workers < parts - 1) {
        pool.first[pool.workers + 1] = atomic_load(&pool.announced);
        pthread_t thread;
        pthread_attr_t attributes;
        pthread_attr_init(&attributes);
        pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
        int failed = pthread_create(&thread, &attributes, worker,
                                    (void *)(intptr_t)(pool.workers + 1));
        pthread_attr_destroy(&attributes);
        if (failed) break;
        pool.workers++;
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return pool.workers + 1;
}

static void pool_run(phase_body body, void *job, int64_t phases, int64_t parts) {
    if (parts > 1 && pthread_mutex_trylock(&pool.busy) == 0) {
        int enough = grow(parts) >= parts;
        if (enough) {
            pool.body = body;
            pool.job = job;
            pool.phases = phases;
            unsigned long long number = atomic_load(&pool.announced) / 256 + 1;
            atomic_store(&pool.announced, number * 256 + (unsigned long long)parts);
            if (atomic_load(&pool.sleeping) > 0) {
                pthread_mutex_lock(&pool.sleep);
                pthread_cond_broadcast(&pool.wake);
                pthread_mutex_unlock(&pool.sleep);
            }
            run_part(0, parts);
        }
        pthread_mutex_unlock(&pool.busy);
        if (enough) return;
    }
    for (int64_t phase = 0; phase < phases; phase++)
        for (int64_t part = 0; part < parts; part++) body(job, phase, part, parts);
}

/* The share [*from, *to) of `part` in n things, in multiples of `grain`. */
static void share(int64_t n, int64_t part, int64_t parts, int64_t grain, int64_t *from, int64_t *to) {
    int64_t grains = (n + grain - 1) / grain;
    *from = grains * part / parts * grain;
    *to = grains * (part + 1) / parts * grain;
    if (*from > n) *from = n;
    if (*to > n) *to = n;
}
