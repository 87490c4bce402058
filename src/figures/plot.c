#include "jepaflow/figures/plot.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "jepaflow/base/log.h"
#include "jepaflow/base/text.h"
#include "jepaflow/figures/amplification.h"
#include "jepaflow/figures/gantt.h"
#include "jepaflow/figures/scaling.h"
#include "jepaflow/figures/trajectories.h"

/* Make a folder and those above it. */
static jf_status make_folder(const char *folder)
{
    struct stat status;
    char *path = strdup(folder);

    if (path == NULL) {
        return jf_fail_memory("a folder's name");
    }
    for (char *c = path + 1; path[0] != '\0' && *c != '\0'; c++) {
        if (*c == '/') {
            *c = '\0';
            (void)mkdir(path, 0777); /* whether all went well shows at the last one */
            *c = '/';
        }
    }
    const int failed = mkdir(path, 0777) != 0 && errno != EEXIST ? errno : 0;
    free(path);
    if (failed != 0 || stat(folder, &status) != 0 || !S_ISDIR(status.st_mode)) {
        return jf_fail(JF_ERR_FILE, "%s: cannot make this folder: %s", folder,
                       failed != 0 ? strerror(failed) : "a file has this name");
    }
    return JF_OK;
}

static const struct {
    const char *name;
    jf_status (*draw)(const jf_atlas *a);
    int usual; /* drawn where no kind is asked for */
} kinds[JF_PLOT_KINDS] = {
    {"trajectories", jf_trajectories_draw, 1},
    {"scaling", jf_scaling_draw, 1},
    {"amplification", jf_amplification_draw, 1},
    {"ranks", jf_gantt_draw, 0},
};

static jf_status no_such_kind(const char *name)
{
    const char *names[JF_PLOT_KINDS];
    jf_string list = {0};

    for (size_t k = 0; k < JF_PLOT_KINDS; k++) {
        names[k] = kinds[k].name;
        jf_string_add(&list, "%s%s",
                      k == 0                   ? ""
                      : k + 1 == JF_PLOT_KINDS ? " or "
                                               : ", ",
                      names[k]);
    }
    const char *nearest = jf_text_nearest(name, names, JF_PLOT_KINDS);
    const jf_status status =
        jf_fail(JF_ERR_USAGE, "'%s' is no kind of figure%s%s%s; expected %s", name,
                nearest != NULL ? "; did you mean '" : "", nearest != NULL ? nearest : "",
                nearest != NULL ? "'?" : "", list.text != NULL ? list.text : "another");
    jf_string_clear(&list);
    return status;
}

static jf_status find_kind(const char *name, unsigned *choice)
{
    for (size_t k = 0; k < JF_PLOT_KINDS; k++) {
        if (strcmp(name, kinds[k].name) == 0) {
            *choice |= 1u << k;
            return JF_OK;
        }
    }
    return no_such_kind(name);
}

jf_status jf_plot_choose(const char *list, unsigned *choice)
{
    *choice = 0;
    for (size_t k = 0; k < JF_PLOT_KINDS && list == NULL; k++) {
        *choice |= kinds[k].usual ? 1u << k : 0u;
    }
    for (const char *next = list; next != NULL;) {
        char name[32];
        const size_t length = strcspn(next, ",");
        snprintf(name, sizeof name, "%.*s", (int)length, next);
        JF_TRY(find_kind(name, choice));
        next = next[length] == ',' ? next + length + 1 : NULL;
    }
    return JF_OK;
}

static jf_status draw_all(const jf_atlas *a, unsigned choice)
{
    for (size_t k = 0; k < JF_PLOT_KINDS; k++) {
        if ((choice >> k & 1u) != 0) {
            JF_TRY(kinds[k].draw(a));
        }
    }
    return JF_OK;
}

jf_status jf_plot_all(const jf_dataset *dataset, unsigned choice, const char *folder,
                      jf_plot_format format, FILE *out)
{
    const size_t spectra = dataset->axis[JF_P_SPECTRUM].extent;
    jf_survey survey;
    jf_atlas a = {
        .survey = &survey,
        .dataset = dataset,
        .folder = folder,
        .format = format,
        .out = out,
        .objectives = dataset->axis[JF_P_OBJECTIVE].extent,
        .spectra = spectra < JF_PANEL_COLUMNS ? spectra : JF_PANEL_COLUMNS,
    };

    JF_TRY(jf_dataset_setting(dataset, JF_P_THRESHOLD, 0, &a.threshold));
    JF_TRY(make_folder(folder));
    JF_TRY(jf_survey_init(dataset, &survey));
    const jf_status status = draw_all(&a, choice);
    jf_survey_clear(&survey);
    return status;
}
