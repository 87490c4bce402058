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

void jf_moments_add(jf_moments *m, size_t count, const double *x, const double *y)
{
    const size_t d = m->d;

    jf_blas_multiply(JF_PLAIN, JF_TRANSPOSED, d, d, count, 1.0, x, x, 1.0, m->sxx);
    jf_blas_multiply(JF_PLAIN, JF_TRANSPOSED, d, d, count, 1.0, y, x, 1.0, m->syx);
    jf_blas_multiply(JF_PLAIN, JF_TRANSPOSED, d, d, count, 1.0, y, y, 1.0, m->syy);
}

static void make_symmetric(size_t d, double *s)
{
    for (size_t j = 0; j < d; j++) {
        for (size_t i = 0; i < j; i++) {
            s[i + j * d] = s[j + i * d] = 0.5 * (s[i + j * d] + s[j + i * d]);
        }
    }
}

void jf_moments_average(jf_moments *m, double pairs)
{
    for (size_t k = 0; k < jf_moments_count(m); k++) {
        m->sxx[k] /= pairs;
    }
    make_symmetric(m->d, m->sxx);
    make_symmetric(m->d, m->syy);
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
