#include "jepaflow/ode/vector.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sundials/sundials_nvector.h>

/* Numbers of a linear combination that are summed while they are in the first-level cache. */
enum { BLOCK = 512 };

typedef struct {
    size_t size;
    double *data;
    int owned;
} content;

static content *content_of(N_Vector v)
{
    return v->content;
}

static double *data_of(N_Vector v)
{
    return content_of(v)->data;
}

static size_t size_of(N_Vector v)
{
    return content_of(v)->size;
}

/* ---- element by element: z may be x or y ---- */

static void linear_sum(double a, N_Vector x, double b, N_Vector y, N_Vector z)
{
    const size_t n = size_of(z);
    const double *p = data_of(x), *q = data_of(y);
    double *out = data_of(z);

    for (size_t i = 0; i < n; i++) {
        out[i] = a * p[i] + b * q[i];
    }
}

static void fill(double c, N_Vector z)
{
    const size_t n = size_of(z);
    double *out = data_of(z);

    for (size_t i = 0; i < n; i++) {
        out[i] = c;
    }
}

static void product(N_Vector x, N_Vector y, N_Vector z)
{
    const size_t n = size_of(z);
    const double *p = data_of(x), *q = data_of(y);
    double *out = data_of(z);

    for (size_t i = 0; i < n; i++) {
        out[i] = p[i] * q[i];
    }
}

static void quotient(N_Vector x, N_Vector y, N_Vector z)
{
    const size_t n = size_of(z);
    const double *p = data_of(x), *q = data_of(y);
    double *out = data_of(z);

    for (size_t i = 0; i < n; i++) {
        out[i] = p[i] / q[i];
    }
}

static void scale(double c, N_Vector x, N_Vector z)
{
    const size_t n = size_of(z);
    const double *p = data_of(x);
    double *out = data_of(z);

    for (size_t i = 0; i < n; i++) {
        out[i] = c * p[i];
    }
}

static void absolute(N_Vector x, N_Vector z)
{
    const size_t n = size_of(z);
    const double *p = data_of(x);
    double *out = data_of(z);

    for (size_t i = 0; i < n; i++) {
        out[i] = fabs(p[i]);
    }
}

static void inverse(N_Vector x, N_Vector z)
{
    const size_t n = size_of(z);
    const double *p = data_of(x);
    double *out = data_of(z);

    for (size_t i = 0; i < n; i++) {
        out[i] = 1.0 / p[i];
    }
}

static void add_constant(N_Vector x, double b, N_Vector z)
{
    const size_t n = size_of(z);
    const double *p = data_of(x);
    double *out = data_of(z);

    for (size_t i = 0; i < n; i++) {
        out[i] = p[i] + b;
    }
}

/*
 * z <- sum_k c_k x_k: each vector is read once and z, block by block, written once. x[0] may be z.
 */
static int linear_combination(int count, double *c, N_Vector *x, N_Vector z)
{
    const size_t n = size_of(z);
    double *out = data_of(z);

    for (size_t begin = 0; begin < n; begin += BLOCK) {
        const size_t m = n - begin < BLOCK ? n - begin : BLOCK;
        double sum[BLOCK];
        const double *first = data_of(x[0]) + begin;
        for (size_t i = 0; i < m; i++) {
            sum[i] = c[0] * first[i];
        }
        for (int k = 1; k < count; k++) {
            const double *term = data_of(x[k]) + begin;
            const double factor = c[k];
            for (size_t i = 0; i < m; i++) {
                sum[i] += factor * term[i];
            }
        }
        memcpy(out + begin, sum, m * sizeof *sum);
    }
    return 0;
}

/* ---- to one number; four partial sums, so that the additions need not wait for each other ---- */

static double dot(N_Vector x, N_Vector y)
{
    const size_t n = size_of(x);
    const double *p = data_of(x), *q = data_of(y);
    double sum[4] = {0.0};
    size_t i = 0;

    for (; i + 4 <= n; i += 4) {
        for (size_t k = 0; k < 4; k++) {
            sum[k] += p[i + k] * q[i + k];
        }
    }
    for (; i < n; i++) {
        sum[0] += p[i] * q[i];
    }
    return (sum[0] + sum[1]) + (sum[2] + sum[3]);
}

static double weighted_rms_norm(N_Vector x, N_Vector w)
{
    const size_t n = size_of(x);
    const double *p = data_of(x), *q = data_of(w);
    double sum[4] = {0.0};
    size_t i = 0;

    for (; i + 4 <= n; i += 4) {
        for (size_t k = 0; k < 4; k++) {
            const double part = p[i + k] * q[i + k];
            sum[k] += part * part;
        }
    }
    for (; i < n; i++) {
        sum[0] += p[i] * q[i] * p[i] * q[i];
    }
    return sqrt(((sum[0] + sum[1]) + (sum[2] + sum[3])) / (double)n);
}

static double largest_magnitude(N_Vector x)
{
    const size_t n = size_of(x);
    const double *p = data_of(x);
    double largest = 0.0;

    for (size_t i = 0; i < n; i++) {
        largest = fabs(p[i]) > largest ? fabs(p[i]) : largest;
    }
    return largest;
}

static double least(N_Vector x)
{
    const size_t n = size_of(x);
    const double *p = data_of(x);
    double smallest = INFINITY;

    for (size_t i = 0; i < n; i++) {
        smallest = p[i] < smallest ? p[i] : smallest;
    }
    return smallest;
}

/* ---- making and releasing ---- */

static N_Vector clone(N_Vector v)
{
    N_Vector w = jf_vector_wrap(size_of(v), NULL, v->sunctx);

    if (w != NULL) {
        content_of(w)->owned = 1;
        content_of(w)->data = malloc(size_of(v) * sizeof(double));
        if (content_of(w)->data == NULL) {
            N_VDestroy(w);
            return NULL;
        }
    }
    return w;
}

static void destroy(N_Vector v)
{
    if (content_of(v)->owned) {
        free(data_of(v));
    }
    free(v->content);
    v->content = NULL;
    N_VFreeEmpty(v);
}

static void space(N_Vector v, sunindextype *numbers, sunindextype *integers)
{
    *numbers = (sunindextype)size_of(v);
    *integers = 2;
}

static sunindextype length(N_Vector v)
{
    return (sunindextype)size_of(v);
}

static double *array(N_Vector v)
{
    return data_of(v);
}

static N_Vector_ID identity(N_Vector v)
{
    (void)v;
    return SUNDIALS_NVEC_CUSTOM;
}

static void set_operations(N_Vector_Ops ops)
{
    ops->nvgetvectorid = identity;
    ops->nvclone = clone;
    ops->nvdestroy = destroy;
    ops->nvspace = space;
    ops->nvgetlength = length;
    ops->nvgetarraypointer = array;
    ops->nvlinearsum = linear_sum;
    ops->nvconst = fill;
    ops->nvprod = product;
    ops->nvdiv = quotient;
    ops->nvscale = scale;
    ops->nvabs = absolute;
    ops->nvinv = inverse;
    ops->nvaddconst = add_constant;
    ops->nvdotprod = dot;
    ops->nvmaxnorm = largest_magnitude;
    ops->nvwrmsnorm = weighted_rms_norm;
    ops->nvmin = least;
    ops->nvlinearcombination = linear_combination;
}

void *jf_vector_wrap(size_t size, double *data, void *context)
{
    N_Vector v = N_VNewEmpty(context);
    content *c = malloc(sizeof *c);

    if (v == NULL || c == NULL) {
        free(c);
        if (v != NULL) {
            N_VFreeEmpty(v);
        }
        return NULL;
    }
    *c = (content){.size = size, .data = data};
    v->content = c;
    set_operations(v->ops);
    return v;
}
