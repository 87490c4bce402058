/*
 * products.h - products of matrices, counted on their way to BLIS.
 *
 * For test programs that are linked with --wrap=jf_blas_multiply (tests/unit.am), each of which
 * gets counters of its own: to be included once, by the test itself.
 */
#ifndef JEPAFLOW_TESTS_SUPPORT_PRODUCTS_H
#define JEPAFLOW_TESTS_SUPPORT_PRODUCTS_H

#include "jepaflow/linalg/blas.h"

/* Since a test last set it to 0. The work of a product is m n k. */
static struct {
    size_t products;
    size_t work; /* of all together */
    size_t most; /* of one */
} counted;

void __real_jf_blas_multiply(jf_transpose ta, jf_transpose tb, size_t m, size_t n, size_t k,
                             double alpha, const double *a, const double *b, double beta,
                             double *c);
void __wrap_jf_blas_multiply(jf_transpose ta, jf_transpose tb, size_t m, size_t n, size_t k,
                             double alpha, const double *a, const double *b, double beta,
                             double *c);

void __wrap_jf_blas_multiply(jf_transpose ta, jf_transpose tb, size_t m, size_t n, size_t k,
                             double alpha, const double *a, const double *b, double beta, double *c)
{
    const size_t work = m * n * k;

    counted.products++;
    counted.work += work;
    counted.most = work > counted.most ? work : counted.most;
    __real_jf_blas_multiply(ta, tb, m, n, k, alpha, a, b, beta, c);
}

#endif
