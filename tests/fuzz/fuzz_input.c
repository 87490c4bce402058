/*
 * fuzz_input.c - whatever bytes are taken for an input: a plan, or one message that says where.
 *
 * The bytes up to the first zero are the text, further ones between zeros are texts of --set. What
 * is accepted must keep its promises: points within the limit, values that their parameters allow,
 * the same fingerprint when it is read again.
 */
#include "fuzz.h"

#include <stdio.h>
#include <string.h>

#include "jepaflow/base/log.h"
#include "jepaflow/base/printable.h"
#include "jepaflow/sweep/plan.h"
#include "jepaflow/sweep/size.h"

enum { MOST_OVERRIDES = 8, LOOKS = 64, MOST_AHEAD = 16 };

/* Bytes as the program gets them: a text and overrides, each ending with a zero. */
typedef struct {
    char *text;
    const char *override[MOST_OVERRIDES];
    size_t overrides;
} request;

static int messages;
static char last_message[4096];

static void listen(void *context, jf_log_level level, const char *line)
{
    (void)context;
    (void)level;
    messages++;
    snprintf(last_message, sizeof last_message, "%s", line);
    fuzz_require(jf_printable(line), "a message that a terminal would obey");
}

static void request_init(const uint8_t *data, size_t size, request *out)
{
    *out = (request){.text = fuzz_text(data, size)};
    const char *end = out->text + size;
    const char *at = out->text + strlen(out->text) + 1;

    while (at < end && out->overrides < MOST_OVERRIDES) {
        out->override[out->overrides++] = at;
        at += strlen(at) + 1;
    }
}

/* What spectra of files would read: here there are none. */
static jf_status stand_in_for_files(jf_input *input)
{
    const double lambda[] = {1.0, 0.5}, rho[] = {0.5, 1.0};

    for (size_t i = 0; i < input->spectra_count; i++) {
        if (input->spectra[i].file != NULL) {
            JF_TRY(jf_spectrum_set_features(&input->spectra[i], lambda, rho, 2));
        }
    }
    return JF_OK;
}

static jf_status read_request(const request *r, jf_input *input, jf_plan *plan)
{
    JF_TRY(jf_document_check_text("in.yaml", r->text, strlen(r->text)));
    JF_TRY(jf_input_read("in.yaml", r->text, strlen(r->text), r->override, r->overrides, input));
    jf_status status = stand_in_for_files(input);
    if (status == JF_OK) {
        status = jf_plan_init(input, plan);
    }
    if (status != JF_OK) {
        jf_input_clear(input);
    }
    return status;
}

static void check_value(const jf_input *input, jf_parameter_id id, double value)
{
    const jf_parameter *p = jf_parameter_get(id);

    switch (p->type) {
    case JF_TYPE_NAME:
        fuzz_require(value >= 0.0 && value < (double)input->spectra_count, "no such spectrum");
        break;
    case JF_TYPE_CHOICE:
        fuzz_require(value >= 0.0 && value < (double)jf_parameter_choices(p), "no such choice");
        break;
    default:
        fuzz_require((value >= p->low && value <= p->high) ||
                         (p->word != NULL && value == p->word_value),
                     "a value out of its range");
    }
}

/* What the closed form says of a point: whatever its numbers are, times, none of them NaN. */
static void look_ahead(const jf_point *point)
{
    jf_outlook outlook;

    (void)jf_point_key(point);
    if (point->spectrum->features <= MOST_AHEAD) {
        fuzz_require(jf_point_outlook(point, &outlook) == JF_OK, "no outlook");
        fuzz_require(outlook.first >= 0.0 && outlook.last >= outlook.first && outlook.end >= 0.0,
                     "times that are none");
    }
}

/* Some points, the first and the last among them, and their labels. */
static void look_at_points(const jf_plan *plan)
{
    const size_t stride = plan->points / LOOKS + 1;
    size_t position[JF_PARAMETERS];
    char room[64];
    jf_point point;

    for (size_t k = 0; k <= LOOKS; k++) {
        const size_t index = k * stride < plan->points ? k * stride : plan->points - 1;
        jf_plan_point(plan, index, &point);
        jf_plan_position(plan, index, position);
        for (size_t i = 0; i < JF_PARAMETERS; i++) {
            check_value(plan->input, (jf_parameter_id)i, point.value[i]);
        }
        for (size_t a = 0; a < plan->axes; a++) {
            const char *label = jf_plan_label(plan, a, position[a], room, sizeof room);
            fuzz_require(label[0] != '\0' && jf_printable(label), "a strange label");
        }
        fuzz_require(point.spectrum->features <= plan->features, "more features than the plan");
    }
    look_ahead(&point);
}

static void check_accepted(const request *r, const jf_input *input, const jf_plan *plan)
{
    char digest[17], again[17];
    jf_input second;
    jf_plan other;

    fuzz_require(messages == 0, "accepted, with a message");
    fuzz_require(plan->points >= 1 && plan->points <= JF_MOST_POINTS, "too many points");
    fuzz_require(plan->features >= 1 && plan->features <= JF_MOST_FEATURES, "too many features");
    fuzz_require(jf_printable(input->title), "a title that a terminal would obey");
    look_at_points(plan);
    jf_plan_digest(plan, digest);
    fuzz_require(read_request(r, &second, &other) == JF_OK, "refused when read again");
    jf_plan_digest(&other, again);
    fuzz_require(strcmp(digest, again) == 0, "another fingerprint when read again");
    jf_input_clear(&second);
}

static void check_refused(jf_status status)
{
    fuzz_require(status == JF_ERR_USAGE, "refused, but not as wrong usage");
    fuzz_require(messages == 1, "refused, without one message");
    fuzz_require(strncmp(last_message, "in.yaml:", 8) == 0 ||
                     strncmp(last_message, "--set ", 6) == 0,
                 "a message without its place");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    jf_input input;
    jf_plan plan;
    request r;

    request_init(data, size, &r);
    messages = 0;
    jf_log_set_sink(listen, NULL);
    const jf_status status = read_request(&r, &input, &plan);
    if (status == JF_OK) {
        check_accepted(&r, &input, &plan);
        jf_input_clear(&input);
    } else {
        check_refused(status);
    }
    free(r.text);
    return 0;
}
