#include "jepaflow/sweep/spectrum.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "jepaflow/base/log.h"

static const jf_parameter lambda_values = {
    .name = "lambda", .type = JF_TYPE_REAL, .low = 0.0, .high = INFINITY, .open = 1};
static const jf_parameter rho_values = {
    .name = "rho", .type = JF_TYPE_REAL, .low = 0.0, .high = INFINITY, .open = 1};

void jf_spectrum_clear(jf_spectrum *spectrum)
{
    free(spectrum->name);
    free(spectrum->lambda);
    free(spectrum->rho);
    *spectrum = (jf_spectrum){0};
}

static jf_status read_key(const char *name, const jf_node *node, const jf_parameter *p,
                          jf_values *out)
{
    const jf_node *item = jf_node_find(node, p->name);

    if (item == NULL) {
        return jf_node_fail(node, "spectrum '%s' lacks '%s', expected {lambda: , rho: }", name,
                            p->name);
    }
    return jf_values_read(item, p, NULL, out);
}

/* `count` numbers from as many or from one. */
static double *spread(const jf_values *values, size_t count)
{
    double *numbers = malloc(count * sizeof *numbers);

    for (size_t i = 0; numbers != NULL && i < count; i++) {
        numbers[i] = values->at[values->count > 1 ? i : 0];
    }
    return numbers;
}

static jf_status combine(const char *name, const jf_node *node, const jf_values *lambda,
                         const jf_values *rho, jf_spectrum *out)
{
    const size_t count = lambda->count > rho->count ? lambda->count : rho->count;

    if ((lambda->count > 1 && lambda->count != count) || (rho->count > 1 && rho->count != count)) {
        return jf_node_fail(node,
                            "spectrum '%s' has %zu values of lambda and %zu of rho, expected as "
                            "many, or one of either",
                            name, lambda->count, rho->count);
    }
    if (count > JF_MOST_FEATURES) {
        return jf_node_fail(node, "spectrum '%s' has %zu features, expected at most %d", name,
                            count, JF_MOST_FEATURES);
    }
    out->features = count;
    out->name = strdup(name);
    out->lambda = spread(lambda, count);
    out->rho = spread(rho, count);
    if (out->name == NULL || out->lambda == NULL || out->rho == NULL) {
        return jf_fail_memory("a spectrum");
    }
    return JF_OK;
}

size_t jf_spectrum_count(const jf_node *node)
{
    const jf_node *lambda = node->kind == JF_NODE_MAP ? jf_node_find(node, "lambda") : NULL;
    const jf_node *rho = node->kind == JF_NODE_MAP ? jf_node_find(node, "rho") : NULL;
    const size_t lambdas = lambda != NULL ? jf_values_count(lambda) : 1;
    const size_t rhos = rho != NULL ? jf_values_count(rho) : 1;

    return lambdas > rhos ? lambdas : rhos;
}

jf_status jf_spectrum_read(const char *name, const jf_node *node, jf_spectrum *out)
{
    static const char *const keys[] = {"lambda", "rho"};
    jf_values lambda = {0}, rho = {0};

    *out = (jf_spectrum){0};
    if (node->kind != JF_NODE_MAP) {
        return jf_node_fail(node, "spectrum '%s' is not a map, expected {lambda: , rho: }", name);
    }
    JF_TRY(jf_check_keys(node, "a spectrum", keys, 2));
    jf_status status = read_key(name, node, &lambda_values, &lambda);
    if (status == JF_OK) {
        status = read_key(name, node, &rho_values, &rho);
    }
    if (status == JF_OK) {
        status = combine(name, node, &lambda, &rho, out);
    }
    jf_values_clear(&lambda);
    jf_values_clear(&rho);
    if (status != JF_OK) {
        jf_spectrum_clear(out);
    }
    return status;
}
