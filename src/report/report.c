#include "jepaflow/report/report.h"

#include <errno.h>
#include <string.h>

#include "jepaflow/base/log.h"
#include "jepaflow/base/text.h"
#include "jepaflow/report/told_learning.h"
#include "jepaflow/report/told_points.h"
#include "jepaflow/report/told_ranks.h"
#include "jepaflow/report/writer.h"

enum { MOST_SECTIONS = 64 };

const jf_section *jf_report_section(size_t k)
{
    static const jf_section *(*const lists[])(size_t * count) = {jf_told_points, jf_told_learning,
                                                                 jf_told_failures, jf_told_ranks};

    for (size_t l = 0; l < sizeof lists / sizeof lists[0]; l++) {
        size_t count;
        const jf_section *list = lists[l](&count);
        if (k < count) {
            return &list[k];
        }
        k -= count;
    }
    return NULL;
}

/* ---- what is wanted ---- */

/* Whether a name stands in a list that is parted by commas. */
static int is_listed(const char *list, const char *name)
{
    const size_t length = strlen(name);

    for (const char *at = list; at != NULL; at = strchr(at, ',')) {
        at += *at == ',';
        if (strncmp(at, name, length) == 0 && (at[length] == ',' || at[length] == '\0')) {
            return 1;
        }
    }
    return 0;
}

static int is_wanted(const jf_report_order *order, const jf_section *section)
{
    if (order->sections != NULL) {
        return is_listed(order->sections, section->form.name);
    }
    return !section->on_demand || order->ranks;
}

static jf_status refuse_section(const char *name)
{
    const char *names[MOST_SECTIONS];
    jf_string list = {0};
    size_t count = 0;

    for (; jf_report_section(count) != NULL; count++) {
        names[count] = jf_report_section(count)->form.name;
        jf_string_add(&list, "%s%s", count > 0 ? ", " : "", names[count]);
    }
    const char *nearest = jf_text_nearest(name, names, count);
    jf_status status = jf_string_check(&list);
    if (nearest != NULL) {
        status =
            jf_fail(JF_ERR_USAGE, "--section: there is no '%s'; did you mean '%s'?", name, nearest);
    } else if (status == JF_OK) {
        status = jf_fail(JF_ERR_USAGE, "--section: there is no '%s', expected some of %s", name,
                         list.text);
    }
    jf_string_clear(&list);
    return status;
}

static jf_status check_section(const char *name)
{
    for (size_t k = 0; jf_report_section(k) != NULL; k++) {
        if (strcmp(jf_report_section(k)->form.name, name) == 0) {
            return JF_OK;
        }
    }
    return refuse_section(name);
}

/* Each name in the list is one of a section. */
static jf_status check_sections(const char *list)
{
    char name[64];

    for (const char *at = list;; at++) {
        const size_t length = strcspn(at, ",");
        snprintf(name, sizeof name, "%.*s", (int)length, at);
        JF_TRY(check_section(name));
        at += length;
        if (*at == '\0') {
            return JF_OK;
        }
    }
}

static jf_status find_writer(const jf_report_order *order, const jf_writer **writer)
{
    return jf_writer_find(order->format != NULL ? order->format : "text", writer);
}

jf_status jf_report_check(const jf_report_order *order)
{
    const jf_writer *writer;

    JF_TRY(find_writer(order, &writer));
    if (order->sections != NULL) {
        JF_TRY(check_sections(order->sections));
    }
    if (writer->one_table && (order->sections == NULL || strchr(order->sections, ',') != NULL)) {
        return jf_fail(JF_ERR_USAGE,
                       "--format %s holds one table, expected --section with one name, such as "
                       "exponents",
                       writer->name);
    }
    return JF_OK;
}

/* ---- writing ---- */

static jf_status write_section(const jf_findings *findings, const jf_section *section,
                               const jf_writer *writer, size_t place, int all, FILE *out)
{
    jf_table table;
    const jf_status status = jf_section_fill(section, findings, &table);

    if (status == JF_OK) {
        writer->table(&table, place, all, out);
    }
    jf_table_clear(&table);
    return status;
}

static jf_status write_all(const jf_findings *findings, const jf_report_order *order,
                           const jf_writer *writer, FILE *out)
{
    const jf_verdict verdict = jf_findings_judge(findings);
    const jf_cover cover = {findings->dataset->title, verdict.valid, verdict.text};
    size_t place = 0;

    writer->begin(&cover, out);
    for (size_t k = 0; jf_report_section(k) != NULL; k++) {
        if (is_wanted(order, jf_report_section(k))) {
            JF_TRY(write_section(findings, jf_report_section(k), writer, place++, order->all, out));
        }
    }
    writer->end(&cover, out);
    if (fflush(out) != 0 || ferror(out)) {
        return jf_fail(JF_ERR_FILE, "the report cannot be written: %s", strerror(errno));
    }
    return verdict.status;
}

jf_status jf_report_write(const jf_dataset *dataset, const jf_report_order *order, FILE *out)
{
    const jf_writer *writer;
    jf_findings findings;

    JF_TRY(find_writer(order, &writer));
    JF_TRY(jf_findings_init(dataset, &findings));
    const jf_status status = write_all(&findings, order, writer, out);
    jf_findings_clear(&findings);
    return status;
}
