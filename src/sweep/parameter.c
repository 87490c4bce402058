#include "jepaflow/sweep/parameter.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static const char *const objectives[] = {"jepa", "mae", NULL}; /* jf_objective */
static const char *const models[] = {"auto", "theory", "balanced", "layers", NULL};
static const char *const integrators[] = {"auto", "erk", "rkc", "rock", "bdf", NULL};

static const char *const rotations[] = {"none", "random", NULL};

static const char *const starts[] = {"orthogonal", "gaussian", "identity_noise", "file",
                                     NULL}; /* jf_start */
static const char *const predictors[] = {"aligned", "random", NULL};
static const char *const yes_no[] = {"yes", "no", NULL};

static const char *const no_yes[] = {"no", "yes", NULL};
static const char *const methods[] = {"flow", "descent", NULL};
static const char *const activations[] = {"linear", "tanh", "relu", NULL}; /* jf_activation */

static const char *const sections[] = {"sweep",   "data", "start",  "training",
                                       "network", "flow", "output", NULL};

/* 2^53 - 1: the double 2^53 is also what 2^53 + 1 is read as. */
static const double largest_integer = 9007199254740991.0;
static const double half_pi = 1.5707963267948966;

/* The widest spectrum (sweep/spectrum.h): no embedding is wider. */
#define JF_MOST_WIDTH 16384

#define POSITIVE .low = 0.0, .high = INFINITY, .open = 1

static const jf_parameter table[JF_PARAMETERS] = {
    [JF_P_OBJECTIVE] = {.name = "objective",
                        .section = "sweep",
                        .unit = "1",
                        .type = JF_TYPE_CHOICE,
                        .choices = objectives,
                        .may_vary = 1,
                        .help = "what the network is trained for"},
    [JF_P_DEPTH] = {.name = "depth",
                    .section = "sweep",
                    .unit = "1",
                    .type = JF_TYPE_INTEGER,
                    .low = 1,
                    .high = 1024,
                    .may_vary = 1,
                    .help = "number of encoder layers L"},
    [JF_P_INIT_SCALE] = {.name = "init_scale",
                         .section = "sweep",
                         .unit = "1",
                         .type = JF_TYPE_REAL,
                         POSITIVE,
                         .may_vary = 1,
                         .help = "scale eps of the encoder at the start: |Wbar e| = eps"},
    [JF_P_SPECTRUM] = {.name = "spectrum",
                       .section = "sweep",
                       .unit = "1",
                       .type = JF_TYPE_NAME,
                       .may_vary = 1,
                       .help = "features to learn from, by their name in the input"},
    [JF_P_SEED] = {.name = "seed",
                   .section = "sweep",
                   .unit = "1",
                   .type = JF_TYPE_INTEGER,
                   .low = 0,
                   .high = largest_integer,
                   .standard = "1",
                   .may_vary = 1,
                   .help = "of the random numbers that draw the start"},
    [JF_P_ANGLE] = {.name = "angle",
                    .section = "data",
                    .unit = "radian",
                    .type = JF_TYPE_REAL,
                    .low = 0,
                    .high = half_pi,
                    .standard = "0",
                    .may_vary = 1,
                    .departs = 1,
                    .help = "by which Syx is turned against Sxx, in each plane of neighbours; 0: "
                            "they share eigenvectors"},
    [JF_P_ASYMMETRY] = {.name = "asymmetry",
                        .section = "data",
                        .unit = "1",
                        .type = JF_TYPE_REAL,
                        .low = 0,
                        .high = 10,
                        .standard = "0",
                        .may_vary = 1,
                        .departs = 1,
                        .help = "antisymmetric part of Syx between neighbours, relative to their "
                                "covariances"},
    [JF_P_PAIRS] = {.name = "pairs",
                    .section = "data",
                    .unit = "1",
                    .type = JF_TYPE_INTEGER,
                    .low = 1,
                    .high = largest_integer,
                    .word = "infinite",
                    .word_value = INFINITY,
                    .standard = "infinite",
                    .may_vary = 1,
                    .departs = 1,
                    .neutral = INFINITY,
                    .help = "pairs (x, y) drawn, whose covariances are learnt from; infinite: the "
                            "population's"},
    [JF_P_START] = {.name = "start",
                    .section = "start",
                    .unit = "1",
                    .type = JF_TYPE_CHOICE,
                    .choices = starts,
                    .standard = "orthogonal",
                    .may_vary = 1,
                    .departs = 1,
                    .layered = 1,
                    .neutral = 0,
                    .help = "weights of the encoder: orthogonal (balanced), independent normal "
                            "numbers, the identity and noise, or those of the file 'weights'"},
    [JF_P_PREDICTOR] = {.name = "predictor",
                        .section = "start",
                        .unit = "1",
                        .type = JF_TYPE_CHOICE,
                        .choices = predictors,
                        .standard = "aligned",
                        .may_vary = 1,
                        .departs = 1,
                        .neutral = JF_PREDICTOR_ALIGNED,
                        .help = "weights of the predictor: aligned with the encoder, or drawn as a "
                                "layer is"},
    [JF_P_IMBALANCE] = {.name = "imbalance",
                        .section = "start",
                        .unit = "1",
                        .type = JF_TYPE_REAL,
                        .low = -20,
                        .high = 20,
                        .standard = "0",
                        .may_vary = 1,
                        .departs = 1,
                        .layered = 1,
                        .neutral = 0,
                        .help =
                            "ln of the ratio of the scales of the first and the last layer; the "
                            "product keeps its own"},
    [JF_P_NOISE] = {.name = "noise",
                    .section = "start",
                    .unit = "1",
                    .type = JF_TYPE_REAL,
                    .low = 0,
                    .high = 1e6,
                    .standard = "0.1",
                    .may_vary = 1,
                    .help = "of start identity_noise: its size beside the identity"},
    [JF_P_WIDTH] = {.name = "width",
                    .section = "start",
                    .unit = "1",
                    .type = JF_TYPE_INTEGER,
                    .low = 1,
                    .high = JF_MOST_WIDTH,
                    .word = "full",
                    .word_value = INFINITY,
                    .standard = "full",
                    .may_vary = 1,
                    .departs = 1,
                    .neutral = INFINITY,
                    .help = "dimension k of the embedding; features compete for it where they mix: "
                            "rotation random, or start gaussian"},
    [JF_P_EMA_RATE] = {.name = "ema_rate",
                       .section = "training",
                       .unit = "1",
                       .type = JF_TYPE_REAL,
                       .low = 0,
                       .high = 1e12,
                       .word = "infinite",
                       .word_value = INFINITY,
                       .standard = "infinite",
                       .may_vary = 1,
                       .departs = 1,
                       .layered = 1,
                       .jepa_only = 1,
                       .neutral = INFINITY,
                       .help = "of JEPA's target encoder T after the encoder W: dT/dt = ema_rate "
                               "(W - T)"},
    [JF_P_STOP_GRADIENT] = {.name = "stop_gradient",
                            .section = "training",
                            .unit = "1",
                            .type = JF_TYPE_CHOICE,
                            .choices = yes_no,
                            .standard = "yes",
                            .may_vary = 1,
                            .departs = 1,
                            .layered = 1,
                            .jepa_only = 1,
                            .neutral = JF_STOP_GRADIENT_YES,
                            .help = "of JEPA's target: no lets the gradient through"},
    [JF_P_WEIGHT_DECAY] = {.name = "weight_decay",
                           .section = "training",
                           .unit = "1",
                           .type = JF_TYPE_REAL,
                           .low = 0,
                           .high = 1e12,
                           .standard = "0",
                           .may_vary = 1,
                           .departs = 1,
                           .neutral = 0,
                           .help = "each weight w decays: dw/dt = ... - weight_decay w"},
    [JF_P_PREDICTOR_RATE] = {.name = "predictor_rate",
                             .section = "training",
                             .unit = "1",
                             .type = JF_TYPE_REAL,
                             .low = 0,
                             .high = 1e12,
                             .standard = "1",
                             .may_vary = 1,
                             .departs = 1,
                             .layered = 1,
                             .neutral = 1,
                             .help = "learning rate of the predictor over the encoder's"},
    [JF_P_METHOD] = {.name = "method",
                     .section = "training",
                     .unit = "1",
                     .type = JF_TYPE_CHOICE,
                     .choices = methods,
                     .standard = "flow",
                     .may_vary = 1,
                     .departs = 1,
                     .layered = 1,
                     .neutral = JF_METHOD_FLOW,
                     .help = "continuous time, or gradient descent in steps of learning_rate"},
    [JF_P_LEARNING_RATE] = {.name = "learning_rate",
                            .section = "training",
                            .unit = "1",
                            .type = JF_TYPE_REAL,
                            POSITIVE,
                            .standard = "0.01",
                            .may_vary = 1,
                            .help = "of method descent: flow time of one step"},
    [JF_P_BATCH] = {.name = "batch",
                    .section = "training",
                    .unit = "1",
                    .type = JF_TYPE_INTEGER,
                    .low = 1,
                    .high = 1e9,
                    .word = "infinite",
                    .word_value = INFINITY,
                    .standard = "infinite",
                    .may_vary = 1,
                    .departs = 1,
                    .layered = 1,
                    .neutral = INFINITY,
                    .help =
                        "of method descent: fresh pairs that are drawn for each step; infinite: "
                        "the covariances themselves"},
    [JF_P_ACTIVATION] = {.name = "activation",
                         .section = "network",
                         .unit = "1",
                         .type = JF_TYPE_CHOICE,
                         .choices = activations,
                         .standard = "linear",
                         .may_vary = 1,
                         .departs = 1,
                         .layered = 1,
                         .neutral = 0,
                         .help = "between the layers of the encoder; other than linear it asks for "
                                 "method descent and a batch of pairs"},
    [JF_P_MODEL] = {.name = "model",
                    .section = "flow",
                    .unit = "1",
                    .type = JF_TYPE_CHOICE,
                    .choices = models,
                    .standard = "auto",
                    .help =
                        "unknowns to integrate: every layer, or end to end; theory: closed form"},
    [JF_P_INTEGRATOR] =
        {.name = "integrator",
         .section = "flow",
         .unit = "1",
         .type = JF_TYPE_CHOICE,
         .choices = integrators,
         .standard = "auto",
         .help = "erk: explicit Runge-Kutta 5(4); rkc, rock: stabilised; bdf: implicit"},
    [JF_P_TOLERANCE] = {.name = "tolerance",
                        .section = "flow",
                        .unit = "1",
                        .type = JF_TYPE_REAL,
                        .low = 1e-13,
                        .high = 1e-2,
                        .standard = "1.0e-6",
                        .may_vary = 1,
                        .help = "relative error asked of critical times"},
    [JF_P_THRESHOLD] = {.name = "threshold",
                        .section = "flow",
                        .unit = "1",
                        .type = JF_TYPE_REAL,
                        .low = 0,
                        .high = 1,
                        .open = 1,
                        .standard = "0.5",
                        .may_vary = 1,
                        .help = "p: a feature counts as learnt at p times its plateau"},
    [JF_P_HORIZON] = {.name = "horizon",
                      .section = "flow",
                      .unit = "1",
                      .type = JF_TYPE_REAL,
                      .low = 1,
                      .high = 1e6,
                      .standard = "2",
                      .may_vary = 1,
                      .help =
                          "integrate until all features settle, at most this many times the last "
                          "critical time"},
    [JF_P_ROTATION] = {.name = "rotation",
                       .section = "flow",
                       .unit = "1",
                       .type = JF_TYPE_CHOICE,
                       .choices = rotations,
                       .standard = "none",
                       .may_vary = 1,
                       .help =
                           "orthogonal factors of the start: none (exact by symmetry), or random "
                           "from seed"},
    [JF_P_MAX_STEPS] = {.name = "max_steps",
                        .section = "flow",
                        .unit = "1",
                        .type = JF_TYPE_INTEGER,
                        .low = 1,
                        .high = largest_integer,
                        .standard = "100000000",
                        .may_vary = 1,
                        .help = "steps after which a point is given up as failed"},
    [JF_P_RANKS_PER_POINT] = {.name = "ranks_per_point",
                              .section = "flow",
                              .unit = "1",
                              .type = JF_TYPE_INTEGER,
                              .low = 1,
                              .high = 4096,
                              .word = "auto",
                              .standard = "1",
                              .placement = 1,
                              .help = "ranks that solve a wide point together (ScaLAPACK)"},
    [JF_P_GROUP_WIDTH] = {.name = "group_width",
                          .section = "flow",
                          .unit = "1",
                          .type = JF_TYPE_INTEGER,
                          .low = 1,
                          .high = largest_integer,
                          .standard = "256",
                          .placement = 1,
                          .help = "a point of at least so many features is wide"},
    [JF_P_SAMPLES] = {.name = "samples",
                      .section = "output",
                      .unit = "1",
                      .type = JF_TYPE_INTEGER,
                      .low = 0,
                      .high = 100000,
                      .standard = "200",
                      .help = "points kept of each trajectory, log-spaced in time; 0 for none"},
    [JF_P_PROBE] = {.name = "probe",
                    .section = "output",
                    .unit = "1",
                    .type = JF_TYPE_CHOICE,
                    .choices = no_yes,
                    .standard = "no",
                    .help = "read each feature from the embedding at each sample: R^2 of a linear "
                            "probe"},
    [JF_P_PROBE_RIDGE] = {.name = "probe_ridge",
                          .section = "output",
                          .unit = "1",
                          .type = JF_TYPE_REAL,
                          POSITIVE,
                          .standard = "0.01",
                          .may_vary = 1,
                          .help = "noise of the probe's readout over the mean variance of the "
                                  "embedding's numbers"},
};

const jf_parameter *jf_parameter_get(jf_parameter_id id)
{
    assert((size_t)id < JF_PARAMETERS);
    return &table[id];
}

jf_parameter_id jf_parameter_find(const char *name)
{
    for (size_t i = 0; i < JF_PARAMETERS; i++) {
        if (strcmp(name, table[i].name) == 0) {
            return (jf_parameter_id)i;
        }
    }
    return JF_PARAMETERS;
}

const char *const *jf_parameter_names(void)
{
    static const char *names[JF_PARAMETERS];

    for (size_t i = 0; i < JF_PARAMETERS; i++) {
        names[i] = table[i].name;
    }
    return names;
}

const char *const *jf_parameter_sections(void)
{
    return sections;
}

const char *jf_parameter_word(const jf_parameter *p, double value)
{
    if (p->type == JF_TYPE_CHOICE) {
        return p->choices[(size_t)value];
    }
    return p->word != NULL && value == p->word_value ? p->word : NULL;
}

size_t jf_parameter_choices(const jf_parameter *parameter)
{
    size_t count = 0;

    while (parameter->choices[count] != NULL) {
        count++;
    }
    return count;
}

static void describe_choices(const jf_parameter *p, char *text, size_t size)
{
    const size_t count = jf_parameter_choices(p);
    size_t used = 0;

    for (size_t i = 0; i < count && used < size; i++) {
        const char *before = i == 0 ? "" : i + 1 < count ? ", " : " or ";
        const int length = snprintf(text + used, size - used, "%s%s", before, p->choices[i]);
        used += length > 0 ? (size_t)length : 0;
    }
}

void jf_parameter_describe(const jf_parameter *p, char *text, size_t size)
{
    const char *kind = p->type == JF_TYPE_INTEGER ? "a whole number" : "a number";
    const char *joint = p->word != NULL ? ", or " : "", *word = p->word != NULL ? p->word : "";

    if (p->type == JF_TYPE_CHOICE) {
        describe_choices(p, text, size);
    } else if (p->type == JF_TYPE_NAME) {
        snprintf(text, size, "the name of a spectrum");
    } else if (p->open && isinf(p->high)) {
        snprintf(text, size, "%s above %.16g%s%s", kind, p->low, joint, word);
    } else if (p->open) {
        snprintf(text, size, "%s above %.16g and below %.16g%s%s", kind, p->low, p->high, joint,
                 word);
    } else {
        snprintf(text, size, "%s from %.16g to %.16g%s%s", kind, p->low, p->high, joint, word);
    }
}
