#include "matrices.h"

#include <math.h>
#include <string.h>

#include "check.h"

enum { MOST = 32 };

/* SplitMix64: Steele, Lea, Flood, OOPSLA 2014. */
static uint64_t next_bits(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);

    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

void fill_uniform(uint64_t seed, size_t count, double *values)
{
    uint64_t state = seed;

    for (size_t i = 0; i < count; i++) {
        values[i] = 2.0 * ((double)(next_bits(&state) >> 11) + 0.5) * 0x1.0p-53 - 1.0;
    }
}

void naive_multiply(int ta, int tb, size_t m, size_t n, size_t k, const double *a, const double *b,
                    double *c)
{
    for (size_t i = 0; i < m; i++) {
        for (size_t j = 0; j < n; j++) {
            long double sum = 0.0L;
            for (size_t l = 0; l < k; l++) {
                const double x = ta ? a[l + i * k] : a[i + l * m];
                const double y = tb ? b[j + l * n] : b[l + j * k];
                sum += (long double)x * y;
            }
            c[i + j * m] = (double)sum;
        }
    }
}

void fill_orthogonal(uint64_t seed, size_t d, double *q)
{
    fill_uniform(seed, d * d, q);
    for (size_t j = 0; j < d; j++) {
        double *x = q + j * d;
        for (size_t i = 0; i < 2 * j; i++) {
            const double *y = q + (i % j) * d;
            long double dot = 0.0L;
            for (size_t k = 0; k < d; k++) {
                dot += (long double)x[k] * y[k];
            }
            for (size_t k = 0; k < d; k++) {
                x[k] = (double)(x[k] - dot * y[k]);
            }
        }
        long double square = 0.0L;
        for (size_t k = 0; k < d; k++) {
            square += (long double)x[k] * x[k];
        }
        for (size_t k = 0; k < d; k++) {
            x[k] = (double)(x[k] / sqrtl(square));
        }
    }
}

void fill_symmetric(uint64_t seed, size_t d, double low, double high, double *s)
{
    double q[MOST * MOST], scaled[MOST * MOST];

    assert_true(d <= MOST);
    fill_orthogonal(seed, d, q);
    for (size_t j = 0; j < d; j++) {
        const double part = d > 1 ? (double)j / (double)(d - 1) : 0.0;
        for (size_t i = 0; i < d; i++) {
            scaled[i + j * d] = q[i + j * d] * (low + part * (high - low));
        }
    }
    naive_multiply(0, 1, d, d, d, scaled, q, s);
    for (size_t j = 0; j < d; j++) {
        for (size_t i = 0; i < j; i++) {
            s[i + j * d] = s[j + i * d];
        }
    }
}

double largest_difference(size_t count, const double *a, const double *b)
{
    double most = 0.0;

    for (size_t i = 0; i < count; i++) {
        const double difference = fabs(a[i] - b[i]);
        if (!(difference <= most)) {
            most = difference;
        }
    }
    return most;
}

double largest(size_t count, const double *a)
{
    double most = 0.0;

    for (size_t i = 0; i < count; i++) {
        most = fabs(a[i]) > most ? fabs(a[i]) : most;
    }
    return most;
}

const jf_square *whole(size_t d)
{
    static jf_square known[MOST + 1];

    assert_true(d >= 1 && d <= MOST);
    if (known[d].side == 0) {
        assert_ok(jf_square_init(d, NULL, &known[d]));
    }
    return &known[d];
}

void expand_variance(const jf_problem *problem, double *sxx)
{
    memset(sxx, 0, problem->d * problem->d * sizeof *sxx);
    for (size_t i = 0; i < problem->d; i++) {
        sxx[i + i * problem->d] = problem->variance[i];
    }
}

void expand_covariance(const jf_covariance *covariance, size_t d, double *dense)
{
    if (covariance->diagonal == NULL) {
        memcpy(dense, covariance->dense, d * d * sizeof *dense);
        return;
    }
    memset(dense, 0, d * d * sizeof *dense);
    for (size_t i = 0; i < d; i++) {
        dense[i + i * d] = covariance->diagonal[i];
    }
}

/*
 * Sxx symmetric, Syx = A Sxx with A = R + skew, Syy = Syx Sxx^{-1} Syx^T + noise = A Sxx A^T +
 * noise: a joint distribution of x and y exists. R is chosen symmetric, with eigenvalues from 0.5
 * to 1.
 */
void make_general_covariances(uint64_t seed, size_t d, double skew, double *sxx, double *syx,
                              double *syy)
{
    double a[MOST * MOST], noise[MOST * MOST], extra[MOST * MOST];

    assert_true(d <= MOST);
    fill_symmetric(seed, d, 0.8, 1.6, sxx);
    fill_symmetric(seed + 1, d, 0.5, 1.0, a);
    fill_symmetric(seed + 2, d, 0.1, 0.3, noise);
    fill_uniform(seed + 3, d * d, extra);
    for (size_t i = 0; i < d * d; i++) {
        a[i] += skew * extra[i];
    }
    naive_multiply(0, 0, d, d, d, a, sxx, syx);
    naive_multiply(0, 1, d, d, d, syx, a, syy);
    for (size_t i = 0; i < d * d; i++) {
        syy[i] += noise[i];
    }
}

void make_general_problem(uint64_t seed, size_t d, double skew, jf_problem *out)
{
    double sxx[MOST * MOST], syx[MOST * MOST], syy[MOST * MOST];

    assert_true(d <= MOST);
    make_general_covariances(seed, d, skew, sxx, syx, syy);
    assert_ok(jf_problem_init_general(whole(d), sxx, syx, syy, out));
}
