#include "jepaflow/sweep/generator.h"

#include <math.h>
#include <stdlib.h>

#include "jepaflow/base/log.h"
#include "jepaflow/base/text.h"
#include "jepaflow/sweep/spectrum.h"

static void as_given(const double *value, size_t i, double *lambda, double *rho)
{
    (void)i;
    *lambda = value[0];
    *rho = value[1];
}

static void by_power_law(const double *value, size_t i, double *lambda, double *rho)
{
    *lambda = value[0] * pow((double)i, -value[2]);
    *rho = value[1] * pow((double)i, -value[3]);
}

static void seen_twice(const double *value, size_t i, double *lambda, double *rho)
{
    const double signal = value[0], noise = value[1];

    (void)i;
    *lambda = signal;
    *rho = signal / (signal + noise);
}

static void seen_later(const double *value, size_t i, double *lambda, double *rho)
{
    const double variance = value[0], autocorrelation = value[1], noise = value[2];

    (void)i;
    *lambda = autocorrelation * variance;
    *rho = autocorrelation * variance / (variance + noise);
}

#define POSITIVE(key)                                                                              \
    {                                                                                              \
        .name = key, .type = JF_TYPE_REAL, .low = 0.0, .high = INFINITY, .open = 1                 \
    }

#define NOISE                                                                                      \
    {                                                                                              \
        .name = "noise", .type = JF_TYPE_REAL, .low = 0.0, .high = 1e100                           \
    }

#define EXPONENT(key)                                                                              \
    {                                                                                              \
        .name = key, .type = JF_TYPE_REAL, .low = -100.0, .high = 100.0, .standard = "0"           \
    }

static const jf_generator table[] = {
    {.form = "{lambda: , rho: }",
     .keys = 2,
     .key = {POSITIVE("lambda"), POSITIVE("rho")},
     .feature = as_given},
    {.name = "power_law",
     .form = "{lambda: , rho: , lambda_exponent: , rho_exponent: , count: }",
     .keys = 4,
     .key = {POSITIVE("lambda"), POSITIVE("rho"), EXPONENT("lambda_exponent"),
             EXPONENT("rho_exponent")},
     .feature = by_power_law},
    {.name = "static",
     .form = "{signal: , noise: }",
     .keys = 2,
     .key = {POSITIVE("signal"), NOISE},
     .feature = seen_twice},
    {.name = "temporal",
     .form = "{variance: , autocorrelation: , noise: }",
     .keys = 3,
     .key = {POSITIVE("variance"),
             {.name = "autocorrelation", .type = JF_TYPE_REAL, .low = 0, .high = 1, .open = 1},
             NOISE},
     .feature = seen_later},
};

static const jf_parameter count_key = {
    .name = "count", .type = JF_TYPE_INTEGER, .low = 1, .high = JF_MOST_FEATURES};

const jf_generator *jf_generators(size_t *count)
{
    *count = sizeof table / sizeof table[0];
    return table;
}

/* The number in `count` where there is one, else 1. */
static size_t counted(const jf_node *node)
{
    const jf_node *item = jf_node_find(node, count_key.name);
    double count = 1.0;

    if (item == NULL || item->kind != JF_NODE_SCALAR || !jf_text_number(item->text, &count)) {
        return 1;
    }
    return count >= 1.0 && count <= count_key.high ? (size_t)count : 1; /* else it is refused */
}

size_t jf_generator_count(const jf_generator *generator, const jf_node *node)
{
    size_t most = node->kind == JF_NODE_MAP && generator->name != NULL ? counted(node) : 1;

    for (size_t k = 0; k < generator->keys && node->kind == JF_NODE_MAP; k++) {
        const jf_node *item = jf_node_find(node, generator->key[k].name);
        const size_t count = item != NULL ? jf_values_count(item) : 1;
        most = count > most ? count : most;
    }
    return most;
}

/* What the map says. */
typedef struct {
    const jf_generator *generator;
    const char *name;
    const jf_node *node;
    jf_values value[JF_GENERATOR_KEYS];
    size_t features;
} reading;

static jf_status read_value(const reading *r, size_t k, jf_values *out)
{
    const jf_parameter *p = &r->generator->key[k];
    const jf_node *item = jf_node_find(r->node, p->name);
    const jf_node standard = {.source = "default", .text = (char *)(uintptr_t)p->standard};

    if (item == NULL && p->standard == NULL) {
        return jf_node_fail(r->node, "spectrum '%s' lacks '%s', expected %s", r->name, p->name,
                            r->generator->form);
    }
    return jf_values_read(item != NULL ? item : &standard, p, NULL, out);
}

static jf_status read_values(reading *r)
{
    const char *keys[JF_GENERATOR_KEYS + 1];
    const size_t count = r->generator->keys;

    for (size_t k = 0; k < count; k++) {
        keys[k] = r->generator->key[k].name;
    }
    keys[count] = count_key.name;
    JF_TRY(jf_check_keys(r->node, r->generator->name != NULL ? r->generator->name : "a spectrum",
                         keys, count + (r->generator->name != NULL)));
    for (size_t k = 0; k < count; k++) {
        JF_TRY(read_value(r, k, &r->value[k]));
    }
    return JF_OK;
}

/* As many features as `count` says, else as the longest list has; all others as many, or one. */
static jf_status count_features(reading *r)
{
    const jf_node *item = jf_node_find(r->node, count_key.name);
    double counted = 0.0;
    size_t longest = 0;

    if (item != NULL) {
        JF_TRY(jf_values_read_one(item, &count_key, NULL, &counted));
    }
    for (size_t k = 1; k < r->generator->keys; k++) {
        longest = r->value[k].count > r->value[longest].count ? k : longest;
    }
    const size_t most = r->value[longest].count;
    for (size_t k = 0; k < r->generator->keys; k++) {
        if (r->value[k].count > 1 && r->value[k].count != most) {
            const size_t first = k < longest ? k : longest, second = k < longest ? longest : k;
            return jf_node_fail(r->node,
                                "spectrum '%s' has %zu values of %s and %zu of %s, expected as "
                                "many, or one of either",
                                r->name, r->value[first].count, r->generator->key[first].name,
                                r->value[second].count, r->generator->key[second].name);
        }
    }
    if (counted > 0.0 && most > 1 && most != (size_t)counted) {
        return jf_node_fail(item, "spectrum '%s' has %zu values of %s, but count is %.0f", r->name,
                            most, r->generator->key[longest].name, counted);
    }
    r->features = counted > 0.0 ? (size_t)counted : most;
    if (r->features > JF_MOST_FEATURES) {
        return jf_node_fail(r->node, "spectrum '%s' has %zu features, expected at most %d", r->name,
                            r->features, JF_MOST_FEATURES);
    }
    return JF_OK;
}

static int is_number_above_0(double x)
{
    return isfinite(x) && x > 0.0;
}

static jf_status make_features(const reading *r, double *lambda, double *rho)
{
    for (size_t i = 0; i < r->features; i++) {
        double value[JF_GENERATOR_KEYS];
        for (size_t k = 0; k < r->generator->keys; k++) {
            value[k] = r->value[k].at[r->value[k].count > 1 ? i : 0];
        }
        r->generator->feature(value, i + 1, &lambda[i], &rho[i]);
        if (!is_number_above_0(lambda[i]) || !is_number_above_0(rho[i])) {
            return jf_node_fail(r->node,
                                "feature %zu of spectrum '%s' comes out with lambda %g and rho %g, "
                                "expected numbers above 0",
                                i + 1, r->name, lambda[i], rho[i]);
        }
    }
    return JF_OK;
}

static jf_status read_features(reading *r, double **lambda, double **rho)
{
    JF_TRY(read_values(r));
    JF_TRY(count_features(r));
    double *a = malloc(r->features * sizeof *a), *b = malloc(r->features * sizeof *b);
    const jf_status status =
        a != NULL && b != NULL ? make_features(r, a, b) : jf_fail_memory("a spectrum");
    if (status != JF_OK) {
        free(a);
        free(b);
        return status;
    }
    *lambda = a;
    *rho = b;
    return JF_OK;
}

jf_status jf_generator_read(const jf_generator *generator, const char *name, const jf_node *node,
                            size_t *features, double **lambda, double **rho)
{
    reading r = {.generator = generator, .name = name, .node = node};

    if (node->kind != JF_NODE_MAP) {
        return jf_node_fail(node, "spectrum '%s' is not a map, expected %s", name, generator->form);
    }
    const jf_status status = read_features(&r, lambda, rho);
    for (size_t k = 0; k < generator->keys; k++) {
        jf_values_clear(&r.value[k]);
    }
    *features = r.features;
    return status;
}
