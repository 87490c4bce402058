#include "jepaflow/ode/numbers.h"

#include <math.h>
#include <string.h>

#include "config.h"

/* A second version for wider registers; which one runs is chosen when the program is loaded. */
#ifdef JF_TARGET_CLONES
#define WIDE __attribute__((target_clones("avx2", "default")))
#else
#define WIDE
#endif

/* Numbers are worked on in blocks that stay in the first-level cache from one loop to the next. */
enum { BLOCK = 256 };

static inline size_t block_at(size_t begin, size_t n)
{
    return n - begin < BLOCK ? n - begin : BLOCK;
}

/* ---- combinations ---- */

/* sum <- sum_k c[k] x[k] of the m numbers from `begin` on: an odd term first, the rest in pairs. */
static inline void combine_block(size_t begin, size_t m, size_t count, const double *c,
                                 const double *const *x, double *restrict sum)
{
    size_t k = count % 2;

    if (k == 1) {
        const double *p = x[0] + begin;
        for (size_t i = 0; i < m; i++) {
            sum[i] = c[0] * p[i];
        }
    } else {
        memset(sum, 0, m * sizeof *sum);
    }
    for (; k < count; k += 2) {
        const double *p = x[k] + begin, *q = x[k + 1] + begin;
        const double a = c[k], b = c[k + 1];
        for (size_t i = 0; i < m; i++) {
            sum[i] += a * p[i] + b * q[i];
        }
    }
}

WIDE void jf_numbers_combine(size_t n, size_t count, const double *c, const double *const *x,
                             double *out)
{
    for (size_t begin = 0; begin < n; begin += BLOCK) {
        const size_t m = block_at(begin, n);
        double sum[BLOCK];
        combine_block(begin, m, count, c, x, sum);
        memcpy(out + begin, sum, m * sizeof *sum);
    }
}

WIDE void jf_numbers_weights(size_t n, double relative, double absolute, const double *y,
                             double *out)
{
    for (size_t i = 0; i < n; i++) {
        out[i] = 1.0 / (relative * fabs(y[i]) + absolute);
    }
}

/* ---- sums: eight partial ones, so that the additions need not wait for each other ---- */

enum { LANES = 8 };

static inline double sum_block(size_t m, const double *x)
{
    double sum[LANES] = {0.0};
    size_t i = 0;

    for (; i + LANES <= m; i += LANES) {
        for (size_t k = 0; k < LANES; k++) {
            sum[k] += x[i + k];
        }
    }
    for (size_t k = 0; i < m; i++, k++) {
        sum[k] += x[i];
    }
    return ((sum[0] + sum[1]) + (sum[2] + sum[3])) + ((sum[4] + sum[5]) + (sum[6] + sum[7]));
}

WIDE double jf_numbers_sum(size_t n, const double *x)
{
    double sum = 0.0;

    for (size_t begin = 0; begin < n; begin += BLOCK) {
        sum += sum_block(block_at(begin, n), x + begin);
    }
    return sum;
}

WIDE double jf_numbers_dot(size_t n, const double *x, const double *y)
{
    double sum = 0.0;

    for (size_t begin = 0; begin < n; begin += BLOCK) {
        const size_t m = block_at(begin, n);
        double term[BLOCK];
        for (size_t i = 0; i < m; i++) {
            term[i] = x[begin + i] * y[begin + i];
        }
        sum += sum_block(m, term);
    }
    return sum;
}

WIDE double jf_numbers_weighted_squares(size_t n, const double *x, const double *w)
{
    double sum = 0.0;

    for (size_t begin = 0; begin < n; begin += BLOCK) {
        const size_t m = block_at(begin, n);
        double term[BLOCK];
        for (size_t i = 0; i < m; i++) {
            const double part = x[begin + i] * w[begin + i];
            term[i] = part * part;
        }
        sum += sum_block(m, term);
    }
    return sum;
}

WIDE double jf_numbers_error(size_t n, size_t count, const double *c, const double *const *x,
                             double relative, double absolute, const double *y, const double *z)
{
    double sum = 0.0;

    for (size_t begin = 0; begin < n; begin += BLOCK) {
        const size_t m = block_at(begin, n);
        double term[BLOCK];
        combine_block(begin, m, count, c, x, term);
        for (size_t i = 0; i < m; i++) {
            const double a = fabs(y[begin + i]), b = fabs(z[begin + i]);
            const double part = term[i] / (relative * (a > b ? a : b) + absolute);
            term[i] = part * part;
        }
        sum += sum_block(m, term);
    }
    return sum;
}
