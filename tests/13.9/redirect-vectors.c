/*
 * redirect-vectors.c - rows of vectors for redirect.h: a server that redirects once, and
 * the next request of the session. Prints TAP. Next: robots-fetch.c.
 */
#include "session.h"
#include "site_fetch.h"
#include "vectors.h"

static struct session_request request;

static void ask(struct tsv *row)
{
    static char head[4096];
    static const char *const body = "a=b";
    struct url url = url_of(row->at[2]);
    struct span target = url_target(&url);
    char path[256];
    const struct answer rows[] = { { path, .head = head, .times = 1 }, { .path = NULL } };
    bool posts = strcmp(row->at[0], "POST") == 0;

    snprintf(path, sizeof path, "%.*s", (int)target.n, target.at);
    if (strcmp(row->at[3], "-") == 0)
        snprintf(head, sizeof head, "%s Moved", row->at[1]);
    else
        snprintf(head, sizeof head, "%s Moved\r\nLocation: %s", row->at[1], row->at[3]);
    start(rows);
    run(session_request(&request, &settings, &frame, row->at[0], &url, "",
                        (struct span){ body, posts ? 3 : 0 }, SESSION_REDIRECTS));
}

/* In the terms of the rows. */
static const char *outcome(char text[URL_MAX + 32])
{
    const char *why = frame.why != NULL ? frame.why : "";

    if (strncmp(why, "other-scheme:", 13) == 0)
        return "STOP scheme";
    if (strncmp(why, "bad-redirect:", 13) == 0)
        return "STOP bad-url";
    if (strncmp(why, "forbidden-address:", 18) == 0)
        return "STOP address";
    if (request.redirect.hops == 0)
        return redirect_status(frame.status) ? "STOP no-location" : "STOP not-a-redirect";
    snprintf(text, URL_MAX + 32, "%s %s%s", request.redirect.method,
             request.redirect.url.text, why);
    return text;
}

/* The request starts with the method, and contains no credentials. */
static bool is_sent(void)
{
    const char *method = request.redirect.method;
    char text[URL_MAX];

    snprintf(text, sizeof text, "%.*s", (int)frame.perform.request_n,
             frame.perform.request);
    return strncmp(text, method, strlen(method)) == 0 && strstr(text, "u:p") == NULL &&
           strstr(text, "uthorization") == NULL;
}

static enum judged judge(struct tsv *row)
{
    char text[URL_MAX + 32], input[512];
    const char *got;
    bool right;

    snprintf(input, sizeof input, "%s %s %s to %s", row->at[0], row->at[1], row->at[2],
             row->at[3]);
    ask(row);
    got = outcome(text);
    right = strcmp(got, row->at[4]) == 0 && is_sent();
    finish();
    return judged(right && !check_failed, input, row->at[4], got);
}

int main(int argc, char **argv)
{
    static const struct vector_file files[] = { { "redirects", judge, "" } };

    return vectors_main(argc, argv, files, 1);
}
