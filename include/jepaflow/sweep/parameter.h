/*
 * parameter.h - the one table of parameters.
 *
 * Reading, checking, --set, --help, plan and the dataset's attributes are all driven by it: a new
 * parameter is one more line here and one more entry of the enum. Knows no file format.
 */
#ifndef JEPAFLOW_SWEEP_PARAMETER_H
#define JEPAFLOW_SWEEP_PARAMETER_H

#include <stddef.h>

/* In the order of the dataset's dimensions; the first JF_STANDARD_AXES are always dimensions. */
typedef enum {
    JF_P_OBJECTIVE,
    JF_P_DEPTH,
    JF_P_INIT_SCALE,
    JF_P_SPECTRUM,
    JF_P_SEED,
    JF_STANDARD_AXES,
    JF_P_ANGLE = JF_STANDARD_AXES,
    JF_P_ASYMMETRY,
    JF_P_PAIRS,
    JF_P_START,
    JF_P_PREDICTOR,
    JF_P_IMBALANCE,
    JF_P_NOISE,
    JF_P_WIDTH,
    JF_P_EMA_RATE,
    JF_P_STOP_GRADIENT,
    JF_P_WEIGHT_DECAY,
    JF_P_PREDICTOR_RATE,
    JF_P_METHOD,
    JF_P_LEARNING_RATE,
    JF_P_BATCH,
    JF_P_ACTIVATION,
    JF_P_MODEL,
    JF_P_INTEGRATOR,
    JF_P_TOLERANCE,
    JF_P_THRESHOLD,
    JF_P_HORIZON,
    JF_P_ROTATION,
    JF_P_MAX_STEPS,
    JF_P_RANKS_PER_POINT,
    JF_P_GROUP_WIDTH,
    JF_P_SAMPLES,
    JF_P_PROBE,
    JF_P_PROBE_RIDGE,
    JF_PARAMETERS
} jf_parameter_id;

/* Values are held as doubles: the number itself, or the index of a choice or of a defined name. */
typedef enum {
    JF_TYPE_REAL,
    JF_TYPE_INTEGER, /* below 2^53, so that a double holds it exactly */
    JF_TYPE_CHOICE,  /* one of `choices` */
    JF_TYPE_NAME     /* one of the spectra that the input defines */
} jf_parameter_type;

typedef struct {
    const char *name;
    const char *section; /* where it stands in the input, one of jf_parameter_sections() */
    const char *unit;    /* UDUNITS; "1" where it has none */
    jf_parameter_type type;
    double low, high;           /* of numbers */
    int open;                   /* low and high themselves are not allowed */
    const char *const *choices; /* NULL-terminated */
    const char *word;           /* of a number: a word that is allowed as well; or NULL */
    double word_value;          /* what the word is held as: 0, or INFINITY */
    const char *standard;       /* the default as in an input; NULL: all there are, or required */
    int may_vary;               /* may be an axis of the sweep */
    int placement;              /* says where a point is solved, not what comes out */
    int departs;                /* another value than `neutral` leaves the paper's assumption */
    int layered;                /* ... and the reduction to three matrices (model/balanced.h) */
    int jepa_only;              /* ... and means nothing for MAE */
    double neutral;
    const char *help;
} jf_parameter;

/* The line of a parameter. */
const jf_parameter *jf_parameter_get(jf_parameter_id id);

/* The id of a name, or JF_PARAMETERS. */
jf_parameter_id jf_parameter_find(const char *name);

/* The names of all parameters, JF_PARAMETERS of them, in the table's order. */
const char *const *jf_parameter_names(void);

/*
 * What values are allowed, for messages and help, into text[size]: "a number above 0 and below 1".
 */
void jf_parameter_describe(const jf_parameter *parameter, char *text, size_t size);

/* The sections of an input that hold parameters, NULL-terminated, in the order of the table. */
const char *const *jf_parameter_sections(void);

/* The word that a value stands for, or NULL: a choice, "infinite". */
const char *jf_parameter_word(const jf_parameter *parameter, double value);

/* Number of choices of a JF_TYPE_CHOICE. */
size_t jf_parameter_choices(const jf_parameter *parameter);

/* The choices of JF_P_ROTATION. */
typedef enum { JF_ROTATION_NONE, JF_ROTATION_RANDOM } jf_rotation_choice;

/* The choices of JF_P_PREDICTOR and JF_P_STOP_GRADIENT. */
typedef enum { JF_PREDICTOR_ALIGNED, JF_PREDICTOR_RANDOM } jf_predictor_choice;
typedef enum { JF_STOP_GRADIENT_YES, JF_STOP_GRADIENT_NO } jf_stop_gradient_choice;

/* The choices of JF_P_METHOD and JF_P_PROBE. */
typedef enum { JF_METHOD_FLOW, JF_METHOD_DESCENT } jf_method_choice;
typedef enum { JF_PROBE_NO, JF_PROBE_YES } jf_probe_choice;

/* The choices of JF_P_MODEL and JF_P_INTEGRATOR; their numbers stand in the dataset. */
typedef enum { JF_MODEL_AUTO, JF_MODEL_THEORY, JF_MODEL_BALANCED, JF_MODEL_LAYERS } jf_model_choice;
typedef enum {
    JF_INTEGRATOR_AUTO,
    JF_INTEGRATOR_ERK,
    JF_INTEGRATOR_RKC,
    JF_INTEGRATOR_ROCK,
    JF_INTEGRATOR_BDF,
    JF_INTEGRATOR_MIXED,  /* in the dataset only: auto took several by turns ... */
    JF_INTEGRATOR_DESCENT /* ... or steps were those of method descent */
} jf_integrator_choice;

#endif
