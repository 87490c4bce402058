/*
 * record.h - what is known of a point when it is done.
 *
 * One table gives each quantity its name, shape, type, unit and meaning; the wire format and the
 * dataset's schema are driven by it: a new quantity is one more line and one more member. Knows no
 * file and no MPI.
 */
#ifndef JEPAFLOW_SWEEP_RECORD_H
#define JEPAFLOW_SWEEP_RECORD_H

#include <stddef.h>
#include <stdint.h>

#include "jepaflow/base/status.h"
#include "jepaflow/base/wire.h"

/* Status of a point; the numbers stand in the dataset. */
typedef enum {
    JF_POINT_PENDING,
    JF_POINT_DONE,
    JF_POINT_FAILED,   /* given up, see jf_point_reason */
    JF_POINT_DIVERGED, /* numbers that are not finite */
    JF_POINT_STOPPED,  /* told to stop before its end; never written, the point stays pending */
    JF_POINT_STATUSES
} jf_point_status;

/* What somebody who looks on wants of a point under way; of several, the largest counts. */
typedef enum {
    JF_GO_ON,
    JF_SAVE, /* and go on */
    JF_STOP  /* it ends as JF_POINT_STOPPED, saved where somebody keeps it */
} jf_wish;

/* Why a point failed or diverged, or what it came to; the numbers stand in the dataset. */
typedef enum {
    JF_REASON_NONE,
    JF_REASON_STEP_BUDGET,    /* flow.max_steps taken before the end */
    JF_REASON_STEP_TOO_SMALL, /* no step that moves the time keeps to the tolerance */
    JF_REASON_NOT_FINITE,     /* the right-hand side, however short the step */
    JF_REASON_SYSTEM,         /* memory, or a library; the message was logged */
    JF_REASON_RANK_DIED,      /* the rank that solved it, in several runs */
    JF_REASON_CONTRADICTION,  /* settings that do not go together; the message was logged */
    JF_REASON_COLLAPSED,      /* done, but the embedding has shrunk instead of learning */
    JF_REASON_DATA, /* covariances that nothing can be learnt from; the message was logged */
    JF_REASON_STEP_TOO_LONG, /* steps of descent ran away: learning_rate is too large */
    JF_REASON_UNBOUNDED,     /* the embedding outgrows a million times all that can be learnt */
    JF_REASONS
} jf_point_reason;

/* Does the paper's assumption hold for a point? The numbers stand in the dataset. */
typedef enum { JF_ASSUMPTION_HOLDS, JF_ASSUMPTION_DEPARTS } jf_assumption;

/* Per point; per feature; per sample; per sample and feature (features fastest). */
typedef enum {
    JF_SHAPE_POINT,
    JF_SHAPE_FEATURE,
    JF_SHAPE_SAMPLE,
    JF_SHAPE_SAMPLE_FEATURE
} jf_shape;

typedef enum { JF_FIELD_BYTE, JF_FIELD_LONG, JF_FIELD_DOUBLE } jf_field_type;

/*
 * All quantities but `point` stand in the dataset under their names. Arrays are owned by the
 * record.
 */
typedef struct {
    size_t point;    /* index in the plan */
    size_t features; /* of the point's spectrum: the stride of samples x features */
    size_t samples;
    double *memory;
    size_t room; /* numbers that memory holds */

    double *critical_time;        /* features */
    double *critical_time_theory; /* features */
    double *critical_time_series; /* features */
    int8_t *critical_time_status; /* features: jf_cell_status */
    double *projection;           /* samples x features */
    double *prediction;           /* samples x features */
    double *probe;                /* samples x features; NaN where it was not asked for */
    double *off_diagonal;         /* samples x features */
    double *time;                 /* samples */
    double *loss;                 /* samples */
    double *plateau;              /* features */
    double *feature_lambda;       /* features */
    double *feature_rho;          /* features */
    double *final_projection;     /* features */
    int8_t *assumption;           /* jf_assumption */
    int8_t *model;                /* jf_model_choice */
    int8_t *integrator;           /* jf_integrator_choice */
    int64_t *steps;
    int64_t *rhs_evaluations;
    double *seconds;
    double *predicted_seconds;
    int64_t *rank;
    int64_t *point_ranks;
    double *started;
    double *run_started;
    int64_t *run_ranks;
    int8_t *reason; /* jf_point_reason */
    int8_t *status; /* jf_point_status; last, as it is written last */
} jf_record;

typedef struct {
    const char *name;
    size_t member; /* offset of its pointer in jf_record */
    jf_shape shape;
    jf_field_type type;
    double empty; /* value where nothing was measured; NaN for doubles */
    int of_run;   /* says who solved the point, how long it took, when: not what came out */
    const char *unit;
    const char *meaning; /* long_name */
    const char *flags;   /* flag_meanings of a byte, by value; else NULL */
    int optional;        /* doubles that few records know: sent only where one is not NaN */
} jf_field;

/* The table, of *count lines. */
const jf_field *jf_record_fields(size_t *count);

/* Word `value` of the flags of a field, into `text`; "?" where there is none. */
void jf_field_flag(const char *name, int value, char *text, size_t size);

/* Numbers of a field in a record of that size. */
size_t jf_field_count(const jf_field *field, size_t features, size_t samples);

/* Is it of each sample, of each feature? */
int jf_field_has_samples(const jf_field *field);
int jf_field_has_features(const jf_field *field);

/* The same in bytes. */
size_t jf_field_bytes(const jf_field *field, size_t features, size_t samples);

/* Where a record keeps a field. */
void *jf_field_data(const jf_field *field, const jf_record *record);

/*
 * Make a record in which nothing is known yet: NaN, 0, pending, not_run.
 *   features  at least 1: the most that jf_record_reset() may give it
 *   samples   may be 0
 *   out       release with jf_record_clear()
 */
jf_status jf_record_init(size_t features, size_t samples, jf_record *out);

/*
 * Forget all that is known and take the shape of a point: as many features as its spectrum has, so
 * that a narrow point in a sweep with a wide one is a narrow record. Pointers to its fields move.
 */
void jf_record_reset(jf_record *record, size_t point, size_t features);

void jf_record_clear(jf_record *record);

void jf_record_pack(const jf_record *record, jf_wire *wire);

/*
 * Take the next record from a message.
 *   record  any, also {0}; takes the shape of the one that arrived, and memory as needed, so that
 *           records of one message cost what they hold. As it was where there is no whole record.
 * JF_ERR_NETWORK where there is none, or one that says nothing in an optional field; JF_ERR_MEMORY.
 */
jf_status jf_record_unpack(jf_wire_reader *reader, jf_record *record);

#endif
