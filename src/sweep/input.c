#include "jepaflow/sweep/input.h"

#include <stdlib.h>
#include <string.h>

#include "jepaflow/base/log.h"
#include "jepaflow/base/printable.h"
#include "jepaflow/base/text.h"
#include "jepaflow/model/network.h"
#include "jepaflow/sweep/rule.h"
#include "jepaflow/sweep/size.h"

enum { LONGEST_TITLE = 300, MOST_SPECTRA = 4096, PATH_SIZE = 256 };

static const char *const top_keys[] = {"title",    "sweep",   "spectra", "data",  "start",
                                       "training", "network", "flow",    "output"};
enum { TOP_KEYS = sizeof top_keys / sizeof top_keys[0] };

void jf_input_clear(jf_input *input)
{
    free(input->title);
    for (size_t i = 0; i < JF_PARAMETERS; i++) {
        jf_values_clear(&input->setting[i]);
    }
    for (size_t i = 0; i < input->spectra_count; i++) {
        jf_spectrum_clear(&input->spectra[i]);
    }
    free(input->spectra);
    free(input->weights_file);
    jf_weights_clear(&input->weights);
    *input = (jf_input){0};
}

/* 'flow:' with nothing below it */
static int is_empty(const jf_node *node)
{
    return node->kind == JF_NODE_SCALAR && node->text[0] == '\0' && !node->quoted;
}

/* A section of the input, or NULL where it is left out or empty. */
static jf_status find_section(const jf_node *root, const char *name, const jf_node **section)
{
    const jf_node *item = jf_node_find(root, name);

    *section = NULL;
    if (item == NULL || is_empty(item)) {
        return JF_OK;
    }
    if (item->kind != JF_NODE_MAP) {
        return jf_node_fail(item, "'%s' is not a map, expected 'key: value' lines", name);
    }
    *section = item;
    return JF_OK;
}

/* ---- --set ---- */

/*
 * The section where a parameter stands in this input, or else belongs. Several values belong in the
 * sweep: the one that was fixed makes room for them.
 */
static jf_status home_section(jf_node *root, const jf_parameter *p, const jf_node *value,
                              const char **section)
{
    const jf_node *sweep, *own;

    JF_TRY(find_section(root, "sweep", &sweep));
    JF_TRY(find_section(root, p->section, &own));
    const int swept = sweep != NULL && jf_node_find(sweep, p->name) != NULL;
    const int fixed = own != NULL && jf_node_find(own, p->name) != NULL;
    const int several = value->kind != JF_NODE_SCALAR && p->may_vary;
    *section = swept || several ? "sweep" : p->section;
    if (several && !swept && fixed) {
        jf_node_remove(jf_node_find(root, p->section), p->name);
    }
    return JF_OK;
}

static jf_status unknown_override(const jf_node *place, const char *key)
{
    const char *nearest = jf_text_nearest(key, jf_parameter_names(), JF_PARAMETERS);
    char shown[JF_SHORT_TEXT];

    return jf_node_fail(place, "unknown key '%s'%s%s%s; 'jepaflow run --help' lists the parameters",
                        jf_printable_shorten(key, shown), nearest != NULL ? "; did you mean '" : "",
                        nearest != NULL ? nearest : "", nearest != NULL ? "'?" : "");
}

/* A bare parameter name becomes a path; a path stays as it is. */
static jf_status resolve_path(jf_node *root, const jf_node *value, const char *key,
                              char path[PATH_SIZE])
{
    const jf_parameter_id id = jf_parameter_find(key);
    const char *section = "", *dot = "";

    if (strchr(key, '.') == NULL && strcmp(key, "title") != 0) {
        if (id == JF_PARAMETERS) {
            return unknown_override(value, key);
        }
        JF_TRY(home_section(root, jf_parameter_get(id), value, &section));
        dot = ".";
    }
    if (strlen(section) + strlen(key) + 2 > PATH_SIZE) {
        return jf_node_fail(value, "the key is too long");
    }
    strcpy(path, section);
    strcat(path, dot);
    strcat(path, key);
    return JF_OK;
}

static jf_status put_at_path(jf_node *root, char *path, jf_node *value)
{
    jf_node *place = root;
    char *rest = path;

    for (char *name = strsep(&rest, "."); name != NULL; name = strsep(&rest, ".")) {
        if (is_empty(place)) {
            jf_node map = {.kind = JF_NODE_MAP, .source = value->source};
            jf_node_replace(place, &map);
        }
        if (name[0] == '\0' || place->kind != JF_NODE_MAP) {
            return jf_node_fail(value, "there is no such key in the input");
        }
        JF_TRY(jf_node_find_or_add(place, name, value, &place));
    }
    jf_node_replace(place, value);
    return JF_OK;
}

static jf_status apply_override(jf_node *root, const char *source, const char *text)
{
    const char *equals = strchr(text, '=');
    char key[PATH_SIZE], path[PATH_SIZE];
    jf_node value = {.source = source};

    if (equals == NULL || equals == text || (size_t)(equals - text) >= sizeof key) {
        return jf_node_fail(&value, "expected key=value");
    }
    memcpy(key, text, (size_t)(equals - text));
    key[equals - text] = '\0';
    JF_TRY(jf_document_parse(source, equals + 1, strlen(equals + 1), &value));
    jf_status status = resolve_path(root, &value, key, path);
    if (status == JF_OK) {
        status = put_at_path(root, path, &value);
    }
    jf_node_clear(&value);
    return status;
}

/* ---- sections ---- */

static jf_status read_title(const jf_node *root, jf_input *out)
{
    const jf_node *node = jf_node_find(root, "title");

    if (node != NULL && (node->kind != JF_NODE_SCALAR || strlen(node->text) > LONGEST_TITLE)) {
        return jf_node_fail(node, "expected a title: a line of at most %d bytes", LONGEST_TITLE);
    }
    out->title = strdup(node != NULL ? node->text : "");
    if (out->title == NULL) {
        return jf_fail_memory("the title");
    }
    if (!jf_printable(out->title)) {
        return jf_node_fail(node, "the title has a control character, expected a line of text");
    }
    return JF_OK;
}

static int is_plain_name(const char *name)
{
    return name[0] != '\0' && strlen(name) <= 64 &&
           strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.+") ==
               strlen(name);
}

static jf_status check_spectra(const jf_node *root, const jf_node *section)
{
    size_t features = 0;

    if (section == NULL || section->count == 0) {
        return jf_node_fail(root,
                            "no spectrum is defined, expected 'spectra:' with 'name: {lambda: , "
                            "rho: }' lines");
    }
    if (section->count > MOST_SPECTRA) {
        return jf_node_fail(section, "%zu spectra, expected at most %d", section->count,
                            MOST_SPECTRA);
    }
    for (size_t i = 0; i < section->count; i++) {
        features += jf_spectrum_count(&section->items[i]);
    }
    if (features > JF_MOST_FEATURES_TOGETHER) {
        return jf_node_fail(section, "%zu features in all spectra together, expected at most %d",
                            features, JF_MOST_FEATURES_TOGETHER);
    }
    return JF_OK;
}

static jf_status read_spectrum(const jf_node *key, const jf_node *item, jf_spectrum *out)
{
    char shown[JF_SHORT_TEXT];

    if (!is_plain_name(key->text)) {
        return jf_node_fail(key,
                            "'%s' as the name of a spectrum, expected at most 64 letters, digits, "
                            "'_', '-', '+' or '.'",
                            jf_printable_shorten(key->text, shown));
    }
    return jf_spectrum_read(key->text, item, out);
}

static jf_status read_spectra(const jf_node *root, jf_input *out)
{
    const jf_node *section;

    JF_TRY(find_section(root, "spectra", &section));
    JF_TRY(check_spectra(root, section));
    out->spectra = calloc(section->count, sizeof *out->spectra);
    if (out->spectra == NULL) {
        return jf_fail_memory("the spectra");
    }
    for (size_t i = 0; i < section->count; i++) {
        JF_TRY(read_spectrum(&section->keys[i], &section->items[i], &out->spectra[i]));
        out->spectra_count++;
    }
    return JF_OK;
}

/* Beside the parameters of its section. */
static const char weights_key[] = "weights";

/* The file of weights: named where some start is one, and only there. */
static jf_status read_weights(const jf_node *root, jf_input *out)
{
    const jf_values *starts = &out->setting[JF_P_START];
    const jf_node *section;
    int wanted = 0;

    JF_TRY(find_section(root, "start", &section));
    const jf_node *node = section != NULL ? jf_node_find(section, weights_key) : NULL;
    for (size_t k = 0; k < starts->count; k++) {
        wanted |= starts->at[k] == JF_START_FILE;
    }
    if (wanted && node == NULL) {
        return jf_node_fail(root,
                            "start is file, but there is no file, expected 'weights: FILE.nc' "
                            "under 'start'");
    }
    if (node == NULL) {
        return JF_OK;
    }
    if (!wanted || node->kind != JF_NODE_SCALAR || node->text[0] == '\0') {
        return jf_node_fail(node, "expected the name of a file of weights, and start: file");
    }
    out->weights_file = strdup(node->text);
    return out->weights_file != NULL ? JF_OK : jf_fail_memory("the name of a file");
}

/* Keys of a section: parameters that belong there, and in 'sweep' those that may vary. */
static jf_status check_section(const jf_node *section, const char *name)
{
    const char *names[JF_PARAMETERS + 1];
    size_t count = 0;

    if (strcmp(name, "start") == 0) {
        names[count++] = weights_key;
    }
    for (size_t i = 0; i < JF_PARAMETERS; i++) {
        const jf_parameter *p = jf_parameter_get((jf_parameter_id)i);
        if (strcmp(p->section, name) == 0 || (strcmp(name, "sweep") == 0 && p->may_vary)) {
            names[count++] = p->name;
        }
    }
    char where[32] = "'";
    strcat(strcat(where, name), "'");
    return section != NULL ? jf_check_keys(section, where, names, count) : JF_OK;
}

/* What a parameter is where the input leaves it out. */
static jf_status read_default(const jf_node *root, const jf_parameter *p, const jf_names *names,
                              jf_values *out)
{
    if (p->standard != NULL) {
        jf_node node = {.source = "default", .text = (char *)(uintptr_t)p->standard};
        return jf_values_read(&node, p, names, out);
    }
    if (p->type != JF_TYPE_CHOICE && p->type != JF_TYPE_NAME) {
        char expected[128];
        jf_parameter_describe(p, expected, sizeof expected);
        return jf_node_fail(root, "'%s' lacks '%s', expected %s, a list or a range", p->section,
                            p->name, expected);
    }
    const size_t count = p->type == JF_TYPE_NAME ? names->count : jf_parameter_choices(p);
    *out = (jf_values){.at = calloc(count, sizeof *out->at), .count = count};
    if (out->at == NULL) {
        return jf_fail_memory("the input's values");
    }
    for (size_t i = 0; i < count; i++) {
        out->at[i] = (double)i;
    }
    return JF_OK;
}

/* One parameter: from 'sweep' as an axis, from its own section as one value, or by default. */
static jf_status read_parameter(const jf_node *root, jf_parameter_id id, const jf_names *names,
                                jf_input *out)
{
    const jf_parameter *p = jf_parameter_get(id);
    jf_values *values = &out->setting[id];
    const jf_node *sweep, *own;

    JF_TRY(find_section(root, "sweep", &sweep));
    JF_TRY(find_section(root, p->section, &own));
    const jf_node *axis = sweep != NULL ? jf_node_find(sweep, p->name) : NULL;
    const jf_node *fixed = own != NULL && own != sweep ? jf_node_find(own, p->name) : NULL;

    if (axis != NULL && fixed != NULL) {
        return jf_node_fail(fixed, "'%s' is given twice, also under 'sweep' in line %zu", p->name,
                            axis->line);
    }
    if (axis != NULL) {
        out->swept[id] = 1;
        JF_TRY(jf_values_read(axis, p, names, values));
        return jf_values_check_distinct(axis, p, values);
    }
    if (fixed != NULL) {
        if (fixed->kind != JF_NODE_SCALAR && p->may_vary) {
            return jf_node_fail(fixed,
                                "%s has several values, expected one here; put it under 'sweep' "
                                "to vary it",
                                p->name);
        }
        *values = (jf_values){.at = calloc(1, sizeof *values->at), .count = 1};
        return values->at != NULL ? jf_values_read_one(fixed, p, names, values->at)
                                  : jf_fail_memory("the input's values");
    }
    return read_default(root, p, names, values);
}

/* ---- how large it would be ---- */

static size_t widest_spectrum(const jf_input *input)
{
    size_t most = 1;

    for (size_t i = 0; i < input->spectra_count; i++) {
        most = input->spectra[i].features > most ? input->spectra[i].features : most;
    }
    return most;
}

/* Values of a parameter on its axis, by what the input promises. */
static size_t extent_of(const jf_node *sweep, const jf_parameter *p, size_t spectra)
{
    const jf_node *axis = sweep != NULL ? jf_node_find(sweep, p->name) : NULL;

    if (axis != NULL) {
        return jf_values_count(axis);
    }
    if (p->standard != NULL || (p->type != JF_TYPE_CHOICE && p->type != JF_TYPE_NAME)) {
        return 1;
    }
    return p->type == JF_TYPE_NAME ? spectra : jf_parameter_choices(p);
}

/* Before the values of any axis are read: the product of some may be more than memory holds. */
static jf_status check_points(const jf_node *root, const jf_input *input)
{
    const jf_node *sweep, *output;
    double points = 1.0, samples = 0.0;

    JF_TRY(find_section(root, "sweep", &sweep));
    JF_TRY(find_section(root, "output", &output));
    for (size_t i = 0; i < JF_PARAMETERS; i++) {
        const jf_parameter *p = jf_parameter_get((jf_parameter_id)i);
        points *= (double)extent_of(sweep, p, input->spectra_count);
    }
    const jf_parameter *p = jf_parameter_get(JF_P_SAMPLES);
    const jf_node *given = output != NULL ? jf_node_find(output, p->name) : NULL;
    const char *text = given != NULL && given->kind == JF_NODE_SCALAR ? given->text : p->standard;
    const int known = jf_text_number(text, &samples) && samples >= p->low && samples <= p->high;
    return jf_size_check_points(sweep != NULL ? sweep : root, points, widest_spectrum(input),
                                known ? (size_t)samples : 0);
}

/* Of the points that there are: a spectrum that is not swept does not count. */
static jf_status check_record(const jf_node *root, const jf_input *input)
{
    const jf_values *swept = &input->setting[JF_P_SPECTRUM];
    const jf_node *output, *place = NULL;
    size_t features = 1;

    for (size_t k = 0; k < swept->count; k++) {
        const size_t count = input->spectra[(size_t)swept->at[k]].features;
        features = count > features ? count : features;
    }
    JF_TRY(find_section(root, "output", &output));
    if (output != NULL) {
        place = jf_node_find(output, jf_parameter_get(JF_P_SAMPLES)->name);
    }
    return jf_size_check_record(place != NULL ? place : root, features,
                                (size_t)input->setting[JF_P_SAMPLES].at[0]);
}

static jf_status read_root(const jf_node *root, jf_input *out)
{
    const char *const *sections = jf_parameter_sections();
    const char *spectrum_names[MOST_SPECTRA];

    if (root->kind != JF_NODE_MAP) {
        return jf_node_fail(root,
                            "expected 'key: value' lines: title, sweep, spectra, data, start, "
                            "training, network, flow, output");
    }
    JF_TRY(jf_check_keys(root, "the input", top_keys, TOP_KEYS));
    JF_TRY(read_title(root, out));
    JF_TRY(read_spectra(root, out));
    for (size_t i = 0; i < out->spectra_count; i++) {
        spectrum_names[i] = out->spectra[i].name;
    }
    for (size_t i = 0; sections[i] != NULL; i++) {
        const jf_node *section;
        JF_TRY(find_section(root, sections[i], &section));
        JF_TRY(check_section(section, sections[i]));
    }
    JF_TRY(check_points(root, out));
    for (size_t i = 0; i < JF_PARAMETERS; i++) {
        const jf_names names = {spectrum_names, out->spectra_count};
        JF_TRY(read_parameter(root, (jf_parameter_id)i, &names, out));
    }
    JF_TRY(read_weights(root, out));
    JF_TRY(check_record(root, out));
    return jf_rule_check(root, out);
}

/* The sources of messages: "--set depth=4" for each override. Borrowed by the tree. */
static jf_status apply_overrides(jf_node *root, const char *const *overrides, size_t count,
                                 jf_string *sources)
{
    if (root->kind != JF_NODE_MAP) {
        return JF_OK; /* read_root() will say so */
    }
    for (size_t i = 0; i < count; i++) {
        char shown[JF_SHORT_TEXT];
        jf_string_add(&sources[i], "--set %s", jf_printable_shorten(overrides[i], shown));
        JF_TRY(jf_string_check(&sources[i]));
        JF_TRY(apply_override(root, sources[i].text, overrides[i]));
    }
    return JF_OK;
}

jf_status jf_input_read(const char *source, const char *text, size_t size,
                        const char *const *overrides, size_t count, jf_input *out)
{
    jf_node root;
    jf_string *sources = calloc(count + 1, sizeof *sources);

    *out = (jf_input){0};
    if (sources == NULL) {
        return jf_fail_memory("the input");
    }
    jf_status status = jf_document_parse(source, text, size, &root);
    if (status == JF_OK) {
        status = apply_overrides(&root, overrides, count, sources);
    }
    if (status == JF_OK) {
        status = read_root(&root, out);
    }
    jf_node_clear(&root);
    for (size_t i = 0; i < count; i++) {
        jf_string_clear(&sources[i]);
    }
    free(sources);
    if (status != JF_OK) {
        jf_input_clear(out);
    }
    return status;
}
