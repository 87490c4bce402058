#include "jepaflow/model/moments.h"

#include <math.h>
#include <stdlib.h>

#include "jepaflow/base/log.h"
#include "jepaflow/base/memory.h"
#include "jepaflow/base/text.h"
#include "jepaflow/linalg/blas.h"

jf_status jf_moments_init(size_t d, jf_moments *out)
{
    double *memory = jf_memory_numbers(3 * d * d);

    *out = (jf_moments){0};
    if (memory == NULL) {
        return jf_fail_memory("the covariances of data");
    }
    *out = (jf_moments){d, memory, memory + d * d, memory + 2 * d * d};
    return JF_OK;
}

void jf_moments_clear(jf_moments *moments)
{
    free(moments->sxx);
    *moments = (jf_moments){0};
}

size_t jf_moments_count(const jf_moments *moments)
{
    return 3 * moments->d * moments->d;
}

/* ---- sums ---- */

/* Columns of a tile: many enough for BLIS, few enough that many ranks have some. */
enum { TILE = 128 };

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

void jf_moments_add(jf_moments *m, int part, int parts, size_t count, const double *x,
                    const double *y)
{
    const struct {
        const double *left, *right;
        double *sum;
        int is_symmetric;
    } term[3] = {{x, x, m->sxx, 1}, {y, x, m->syx, 0}, {y, y, m->syy, 1}};
    const size_t d = m->d;
    int tile = 0;

    for (size_t k = 0; k < 3; k++) {
        for (size_t column = 0; column < d; column += TILE) {
            const size_t row = term[k].is_symmetric ? column : 0;
            if (tile++ % parts == part) {
                jf_blas_add_product(d - row, smaller(TILE, d - column), count, d,
                                    term[k].left + row, term[k].right + column,
                                    term[k].sum + row + column * d);
            }
        }
    }
}

static jf_status add_alone(void *context, jf_moments *m, size_t count, const double *x,
                           const double *y)
{
    (void)context;
    jf_moments_add(m, 0, 1, count, x, y);
    return JF_OK;
}

static jf_status finish_alone(void *context, jf_moments *m)
{
    (void)context;
    (void)m;
    return JF_OK;
}

const jf_adder jf_adder_alone = {.add = add_alone, .finish = finish_alone};

static void mirror(size_t d, double *s)
{
    for (size_t j = 0; j < d; j++) {
        for (size_t i = 0; i < j; i++) {
            s[i + j * d] = s[j + i * d];
        }
    }
}

void jf_moments_average(jf_moments *m, double pairs)
{
    for (size_t k = 0; k < jf_moments_count(m); k++) {
        m->sxx[k] /= pairs;
    }
    mirror(m->d, m->sxx);
    mirror(m->d, m->syy);
}

/* ---- moments that are given ---- */

static void make_symmetric(size_t d, double *s)
{
    for (size_t j = 0; j < d; j++) {
        for (size_t i = 0; i < j; i++) {
            s[i + j * d] = s[j + i * d] = 0.5 * (s[i + j * d] + s[j + i * d]);
        }
    }
}

static int is_symmetric(size_t d, const double *s)
{
    double largest = 0.0, difference = 0.0;

    for (size_t j = 0; j < d; j++) {
        for (size_t i = 0; i < d; i++) {
            largest = fmax(largest, fabs(s[i + j * d]));
            difference = fmax(difference, fabs(s[i + j * d] - s[j + i * d]));
        }
    }
    return difference <= 1e-9 * largest;
}

const char *jf_moments_check(jf_moments *m)
{
    for (size_t k = 0; k < jf_moments_count(m); k++) {
        if (!isfinite(m->sxx[k])) {
            return "holds a number that is not finite";
        }
    }
    if (!is_symmetric(m->d, m->sxx) || !is_symmetric(m->d, m->syy)) {
        return "is not symmetric in x or in y";
    }
    make_symmetric(m->d, m->sxx);
    make_symmetric(m->d, m->syy);
    return NULL;
}

uint64_t jf_moments_hash(const jf_moments *m, uint64_t hash)
{
    for (size_t k = 0; k < jf_moments_count(m); k++) {
        hash = jf_hash_number(hash, m->sxx[k]);
    }
    return hash;
}
