#include "jepaflow/ode/vector.h"

#include <math.h>
#include <stdlib.h>
#include <sundials/sundials_nvector.h>

#include "jepaflow/base/memory.h"
#include "jepaflow/ode/numbers.h"

/* Terms of a linear combination that are added in one pass. */
enum { TERMS = 16 };

typedef struct {
    const jf_ode *ode; /* size of this rank's part, reductions over the ranks */
    size_t total;      /* numbers on all ranks */
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
    return content_of(v)->ode->size;
}

/* ---- element by element: z may be x or y ---- */

static void linear_sum(double a, N_Vector x, double b, N_Vector y, N_Vector z)
{
    jf_numbers_combine(size_of(z), 2, (const double[]){a, b},
                       (const double *const[]){data_of(x), data_of(y)}, data_of(z));
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

/* z <- sum_k c_k x_k, where x[0] may be z; terms whose c is 0, as tableaus have, are not read. */
static int linear_combination(int count, double *c, N_Vector *x, N_Vector z)
{
    const double *term[TERMS] = {data_of(z)};
    double factor[TERMS] = {0.0};
    int k = 0, kept = 0;

    do {
        for (; k < count && kept < TERMS; k++) {
            factor[kept] = c[k];
            term[kept] = data_of(x[k]);
            kept += c[k] != 0.0;
        }
        jf_numbers_combine(size_of(z), kept > 0 ? (size_t)kept : 1, factor, term, data_of(z));
        factor[0] = 1.0; /* what is left is added to what is there */
        term[0] = data_of(z);
        kept = 1;
    } while (k < count);
    return 0;
}

/* ---- to one number ---- */

static double dot(N_Vector x, N_Vector y)
{
    return jf_ode_reduced(content_of(x)->ode, JF_SUM,
                          jf_numbers_dot(size_of(x), data_of(x), data_of(y)));
}

static double weighted_rms_norm(N_Vector x, N_Vector w)
{
    const content *c = content_of(x);
    const double part = jf_numbers_weighted_squares(size_of(x), c->data, data_of(w));

    return sqrt(jf_ode_reduced(c->ode, JF_SUM, part) / (double)c->total);
}

static double largest_magnitude(N_Vector x)
{
    const size_t n = size_of(x);
    const double *p = data_of(x);
    double largest = 0.0;

    for (size_t i = 0; i < n; i++) {
        largest = fabs(p[i]) > largest ? fabs(p[i]) : largest;
    }
    return jf_ode_reduced(content_of(x)->ode, JF_LARGEST, largest);
}

static double least(N_Vector x)
{
    const size_t n = size_of(x);
    const double *p = data_of(x);
    double largest = -INFINITY; /* of -x */

    for (size_t i = 0; i < n; i++) {
        largest = -p[i] > largest ? -p[i] : largest;
    }
    return -jf_ode_reduced(content_of(x)->ode, JF_LARGEST, largest);
}

/* ---- making and releasing ---- */

static N_Vector wrap(content what, SUNContext context);

static N_Vector clone(N_Vector v)
{
    content copy = *content_of(v);

    copy.owned = 1;
    copy.data = jf_memory_numbers(size_of(v));
    N_Vector w = copy.data != NULL ? wrap(copy, v->sunctx) : NULL;
    if (w == NULL) {
        free(copy.data);
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
    *numbers = (sunindextype)content_of(v)->total;
    *integers = 3;
}

static sunindextype length(N_Vector v)
{
    return (sunindextype)content_of(v)->total;
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

static N_Vector wrap(content what, SUNContext context)
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
    *c = what;
    v->content = c;
    set_operations(v->ops);
    return v;
}

void *jf_vector_wrap(const jf_ode *ode, void *context)
{
    const size_t total = ode->reduce != NULL ? ode->total : ode->size;

    return wrap((content){.ode = ode, .total = total, .data = ode->state}, context);
}
