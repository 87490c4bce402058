#include "jepaflow/model/passes.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "jepaflow/base/log.h"
#include "jepaflow/base/memory.h"
#include "jepaflow/linalg/blas.h"

void jf_passes_clear(jf_passes *passes)
{
    free(passes->memory);
    *passes = (jf_passes){0};
}

jf_status jf_passes_init(size_t d, size_t depth, size_t columns, jf_activation activation,
                         jf_passes *out)
{
    *out = (jf_passes){
        .d = d, .depth = depth, .columns = columns, .activation = jf_activation_find(activation)};
    out->memory = jf_memory_numbers((depth + 2) * d * columns);
    if (out->memory == NULL) {
        return jf_fail_memory("the passes of a batch");
    }
    out->hidden = out->memory;
    out->back[0] = out->hidden + depth * d * columns;
    out->back[1] = out->back[0] + d * columns;
    return JF_OK;
}

/* out <- op(w) x, of d x d and d x columns. */
static void multiply(const jf_passes *p, jf_transpose tw, size_t columns, const double *w,
                     const double *x, double *out)
{
    jf_blas_multiply(tw, JF_PLAIN, p->d, columns, p->d, 1.0, w, x, 0.0, out);
}

static const double *layer(const jf_passes *p, const double *weights, size_t a)
{
    return weights + (a - 1) * p->d * p->d;
}

static double *hidden(const jf_passes *p, size_t a)
{
    return p->hidden + (a - 1) * p->d * p->columns;
}

/* out <- h_a from h_{a-1}. */
static void pass(const jf_passes *p, const double *weights, size_t a, size_t columns,
                 const double *below, double *out)
{
    multiply(p, JF_PLAIN, columns, layer(p, weights, a), below, out);
    if (a < p->depth && p->activation->apply != NULL) {
        p->activation->apply(p->d * columns, out);
    }
}

const double *jf_passes_forward(jf_passes *passes, const double *weights, size_t columns,
                                const double *x)
{
    assert(columns <= passes->columns);
    for (size_t a = 1; a <= passes->depth; a++) {
        pass(passes, weights, a, columns, a == 1 ? x : hidden(passes, a - 1), hidden(passes, a));
    }
    return hidden(passes, passes->depth);
}

void jf_passes_embed(jf_passes *passes, const double *weights, size_t columns, const double *x,
                     double *out)
{
    const double *below = x;

    assert(columns <= passes->columns);
    for (size_t a = 1; a <= passes->depth; a++) {
        double *here = a == passes->depth ? out : passes->back[a % 2];
        pass(passes, weights, a, columns, below, here);
        below = here;
    }
}

/* rate <- pull h^T, the sum over the batch. */
static void gather(const jf_passes *p, size_t columns, const double *pull, const double *h,
                   double *rate)
{
    jf_blas_multiply(JF_PLAIN, JF_TRANSPOSED, p->d, p->d, columns, 1.0, pull, h, 0.0, rate);
}

/* g_L = V^T pull,  rate of W_a: g_a h_{a-1}^T,  g_{a-1} = (W_a^T g_a) phi'(z_{a-1}). */
void jf_passes_back(jf_passes *passes, const double *weights, size_t columns, const double *x,
                    const double *pull, double *rate)
{
    const size_t L = passes->depth, size = passes->d * passes->d;
    double *g = passes->back[0], *next = passes->back[1];

    assert(columns <= passes->columns);
    gather(passes, columns, pull, hidden(passes, L), rate + L * size);
    multiply(passes, JF_TRANSPOSED, columns, layer(passes, weights, L + 1), pull, g);
    for (size_t a = L; a > 1; a--) {
        gather(passes, columns, g, hidden(passes, a - 1), rate + (a - 1) * size);
        multiply(passes, JF_TRANSPOSED, columns, layer(passes, weights, a), g, next);
        if (passes->activation->chain != NULL) {
            passes->activation->chain(passes->d * columns, hidden(passes, a - 1), next);
        }
        double *const swap = g;
        g = next;
        next = swap;
    }
    gather(passes, columns, g, x, rate);
}
