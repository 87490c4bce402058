#include "jepaflow/figures/plot.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "jepaflow/base/log.h"
#include "jepaflow/base/text.h"
#include "jepaflow/figures/agreement.h"
#include "jepaflow/figures/amplification.h"
#include "jepaflow/figures/depth.h"
#include "jepaflow/figures/gantt.h"
#include "jepaflow/figures/greedy.h"
#include "jepaflow/figures/heatmap.h"
#include "jepaflow/figures/order.h"
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

/* The one table of kinds. */
static const struct {
    const char *name;
    jf_status (*draw)(jf_atlas *a);
    int usual; /* drawn where no kind is asked for */
} kinds[JF_PLOT_KINDS] = {
    {"trajectories", jf_trajectories_draw, 1},
    {"scaling", jf_scaling_draw, 1},
    {"depth", jf_depth_draw, 1},
    {"amplification", jf_amplification_draw, 1},
    {"order", jf_order_draw, 1},
    {"greedy", jf_greedy_draw, 1},
    {"agreement", jf_agreement_draw, 1},
    {"heatmap", jf_heatmap_draw, 1},
    {"ranks", jf_gantt_draw, 0},
};

static jf_status no_such_name(const char *what, const char *name, const char *const *names,
                              size_t count)
{
    const char *nearest = jf_text_nearest(name, names, count);
    jf_string list = {0};

    for (size_t k = 0; k < count; k++) {
        jf_string_add(&list, "%s%s", k == 0 ? "" : k + 1 == count ? " or " : ", ", names[k]);
    }
    const jf_status status =
        jf_fail(JF_ERR_USAGE, "'%s' is no %s%s%s%s; expected %s", name, what,
                nearest != NULL ? "; did you mean '" : "", nearest != NULL ? nearest : "",
                nearest != NULL ? "'?" : "", list.text != NULL ? list.text : "another");
    jf_string_clear(&list);
    return status;
}

static jf_status find_kind(const char *name, unsigned *choice)
{
    const char *names[JF_PLOT_KINDS];

    for (size_t k = 0; k < JF_PLOT_KINDS; k++) {
        names[k] = kinds[k].name;
        if (strcmp(name, names[k]) == 0) {
            *choice |= 1u << k;
            return JF_OK;
        }
    }
    return no_such_name("kind of figure", name, names, JF_PLOT_KINDS);
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

jf_status jf_plot_axis(const jf_dataset *dataset, const char *name, size_t *axis)
{
    const char *names[JF_PARAMETERS + 1];

    for (size_t k = 0; k < dataset->axes; k++) {
        names[k] = jf_parameter_get(dataset->axis[k].parameter)->name;
    }
    names[dataset->axes] = "feature";
    for (*axis = 0; *axis <= dataset->axes; (*axis)++) {
        if (strcmp(name, names[*axis]) == 0) {
            return JF_OK;
        }
    }
    return no_such_name("axis of this dataset", name, names, dataset->axes + 1);
}

/* ---- drawing ---- */

jf_status jf_plot_begin(const jf_survey *survey, const jf_plot_request *request, FILE *out,
                        jf_atlas *a)
{
    *a = (jf_atlas){
        .survey = survey,
        .dataset = survey->dataset,
        .folder = request->folder,
        .format = request->format,
        .style = request->style,
        .feature = request->feature,
        .map = {request->map[0], request->map[1]},
        .most_depths = 8,
        .out = out,
    };
    JF_TRY(make_folder(request->folder));
    return jf_atlas_init(a);
}

jf_status jf_plot_draw(jf_atlas *a, unsigned choice)
{
    for (size_t k = 0; k < JF_PLOT_KINDS; k++) {
        if ((choice >> k & 1u) != 0) {
            JF_TRY(kinds[k].draw(a));
        }
    }
    return JF_OK;
}

jf_status jf_plot_all(const jf_dataset *dataset, const jf_plot_request *request, FILE *out)
{
    jf_survey survey;
    jf_atlas a;

    JF_TRY(jf_survey_init(dataset, &survey));
    jf_status status = jf_plot_begin(&survey, request, out, &a);
    if (status == JF_OK) {
        status = jf_plot_draw(&a, request->kinds);
    }
    jf_atlas_clear(&a);
    jf_survey_clear(&survey);
    return status;
}
