#include "jepaflow/app/witness.h"

#include <string.h>

#include "jepaflow/base/log.h"
#include "jepaflow/results/checkpoint.h"

enum { NAME_SIZE = 256 };

/* ---- the logbook ---- */

static void write_book(jf_witness *w)
{
    if (!w->cannot_write && jf_logbook_write(&w->book) != JF_OK) {
        w->cannot_write = 1; /* the message is enough: the run goes on without */
    }
}

/* Keep the lines that say something: of points that are under way, or have ended a rank. */
static void drop_empty_lines(jf_logbook *book)
{
    size_t kept = 0;

    for (size_t i = 0; i < book->count; i++) {
        if (book->lines[i].rank >= 0 || book->lines[i].deaths > 0) {
            book->lines[kept++] = book->lines[i];
        }
    }
    book->count = kept;
}

/* A rank has died with this point; what had been saved since the last death was another story. */
static void count_death(const jf_logbook *book, jf_logbook_line *line)
{
    const jf_checkpoint c = {.dataset = book->dataset, .point = line->point};
    const double saved = jf_checkpoint_date(&c);

    line->deaths = saved == line->saved ? line->deaths + 1 : 1;
    line->saved = saved;
    line->rank = -1;
}

/* ---- the last run ---- */

/* Name the points that were under way; where there was one rank only, it died of its point. */
static void tell_of_last_run(jf_witness *w)
{
    char name[NAME_SIZE];

    for (size_t i = 0; i < w->book.count; i++) {
        jf_logbook_line *line = &w->book.lines[i];
        if (line->rank >= 0) {
            jf_plan_name(w->plan, line->point, name, sizeof name);
            jf_log(JF_LOG_WARNING, "the last run ended without a word while rank %d solved %s",
                   line->rank, name);
        }
        if (line->rank >= 0 && w->book.ranks == 1) {
            count_death(&w->book, line);
        }
        line->rank = -1;
    }
}

static void forget_finished(jf_witness *w, const unsigned char *finished)
{
    for (size_t i = 0; i < w->book.count; i++) {
        jf_logbook_line *line = &w->book.lines[i];
        if (line->point >= w->plan->points || finished[line->point]) {
            line->rank = -1;
            line->deaths = 0;
        }
    }
    drop_empty_lines(&w->book);
}

jf_status jf_witness_begin(const char *dataset, const char *digest, const jf_plan *plan,
                           const unsigned char *finished, int ranks, jf_witness *out)
{
    *out = (jf_witness){.plan = plan, .book = {.dataset = dataset, .digest = digest}};
    JF_TRY(jf_logbook_read(&out->book));
    const int was_there = out->book.count > 0;
    forget_finished(out, finished);
    tell_of_last_run(out);
    drop_empty_lines(&out->book);
    out->book.ranks = ranks;
    if (was_there) {
        write_book(out);
    }
    return JF_OK;
}

int jf_witness_deaths(const jf_witness *w, size_t point)
{
    const jf_logbook_line *line = jf_logbook_find(&w->book, point);

    return line != NULL ? line->deaths : 0;
}

/* ---- this run ---- */

/*
 * What the logbook is to say: first the points that have ended ranks, which are few, then the
 * others that are under way.
 */
static jf_status compose(const jf_witness *w, const jf_errand *errands, size_t count,
                         jf_logbook *book)
{
    for (size_t i = 0; i < w->book.count; i++) {
        jf_logbook_line line = w->book.lines[i];
        line.rank = -1;
        if (line.deaths > 0) {
            JF_TRY(jf_logbook_add(book, &line));
        }
    }
    const size_t deadly = book->count;
    for (size_t i = 0; i < count; i++) {
        const jf_logbook_line line = {.point = errands[i].point, .rank = errands[i].rank};
        const jf_logbook first = {.lines = book->lines, .count = deadly};
        jf_logbook_line *known = jf_logbook_find(&first, line.point);
        if (known != NULL) {
            known->rank = line.rank;
        } else {
            JF_TRY(jf_logbook_add(book, &line));
        }
    }
    return JF_OK;
}

/* Its lines are written in this order, so that nothing new is found to be the same. */
void jf_witness_under_way(jf_witness *w, const jf_errand *errands, size_t count)
{
    jf_logbook book = {
        .dataset = w->book.dataset, .digest = w->book.digest, .ranks = w->book.ranks};

    if (compose(w, errands, count, &book) != JF_OK || jf_logbook_same(&book, &w->book)) {
        jf_logbook_clear(&book);
        return;
    }
    jf_logbook_clear(&w->book);
    w->book = book;
    write_book(w);
}

static void count_death_of(jf_witness *w, size_t point)
{
    const jf_logbook_line none = {.point = point};

    if (jf_logbook_find(&w->book, point) != NULL || jf_logbook_add(&w->book, &none) == JF_OK) {
        count_death(&w->book, jf_logbook_find(&w->book, point));
        write_book(w);
    }
}

/* A rank solves its points one after the other; of cheap ones some may be done and not yet told. */
void jf_witness_lost(jf_witness *w, int rank, const jf_errand *errands, size_t count, size_t all)
{
    char name[NAME_SIZE];

    if (count == 0) {
        jf_log(JF_LOG_ERROR, "rank %d has ended; it had no point", rank);
        return;
    }
    jf_plan_name(w->plan, errands[0].point, name, sizeof name);
    if (errands[0].cost < JF_WORTH_TELLING) {
        jf_log(JF_LOG_ERROR, "rank %d has ended while solving one of %zu points, the first %s",
               rank, all, name);
        return;
    }
    jf_log(JF_LOG_ERROR, "rank %d has ended while solving %s", rank, name);
    count_death_of(w, errands[0].point);
}

void jf_witness_lost_rank_0(const char *dataset, const char *digest, const jf_plan *plan)
{
    jf_witness w = {.plan = plan, .book = {.dataset = dataset, .digest = digest}};

    if (jf_logbook_read(&w.book) == JF_OK) {
        for (size_t i = 0; i < w.book.count; i++) {
            if (w.book.lines[i].rank == 0) {
                char name[NAME_SIZE];
                jf_plan_name(plan, w.book.lines[i].point, name, sizeof name);
                jf_log(JF_LOG_ERROR, "rank 0 has ended while solving %s", name);
                count_death(&w.book, &w.book.lines[i]);
            }
        }
        if (w.book.count > 0) {
            write_book(&w);
        }
    }
    jf_logbook_clear(&w.book);
}

void jf_witness_end(jf_witness *w)
{
    if (w->book.count > 0) {
        for (size_t i = 0; i < w->book.count; i++) {
            w->book.lines[i].rank = -1;
        }
        drop_empty_lines(&w->book);
        write_book(w);
    }
    jf_logbook_clear(&w->book);
}
