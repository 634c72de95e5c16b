/* http_reply.c - what a reply says. Next: http_send.c, which writes it. */
#include "http_reply.h"

#include <stdio.h>
#include <string.h>

void http_reply_init(struct http_reply *reply)
{
    *reply = (struct http_reply){ .status = 200,
                                  .retry_after = -1,
                                  .modified = -1,
                                  .whole = -1,
                                  .framing = HTTP_LENGTH,
                                  .fd = -1 };
}

void http_reply_status(struct http_reply *reply, int status)
{
    reply->status = status;
    reply->type = "text/plain";
    reply->body = http_status_name(status);
    reply->size = (off_t)strlen(reply->body);
}

void http_reply_release(struct http_reply *reply)
{
    void (*release)(struct http_reply *) = reply->release;

    reply->release = NULL;
    if (release != NULL)
        release(reply);
}

const char *http_status_name(int status)
{
    static const struct {
        int status;
        const char *name;
    } names[] = {
        { 200, "OK" },
        { 201, "Created" },
        { 202, "Accepted" },
        { 204, "No Content" },
        { 206, "Partial Content" },
        { 301, "Moved Permanently" },
        { 302, "Found" },
        { 303, "See Other" },
        { 304, "Not Modified" },
        { 307, "Temporary Redirect" },
        { 308, "Permanent Redirect" },
        { 400, "Bad Request" },
        { 403, "Forbidden" },
        { 404, "Not Found" },
        { 405, "Method Not Allowed" },
        { 408, "Request Timeout" },
        { 409, "Conflict" },
        { 410, "Gone" },
        { 411, "Length Required" },
        { 413, "Content Too Large" },
        { 414, "URI Too Long" },
        { 415, "Unsupported Media Type" },
        { 416, "Range Not Satisfiable" },
        { 417, "Expectation Failed" },
        { 431, "Request Header Fields Too Large" },
        { 500, "Internal Server Error" },
        { 501, "Not Implemented" },
        { 503, "Service Unavailable" },
        { 505, "HTTP Version Not Supported" },
    };

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (names[i].status == status)
            return names[i].name;
    return "";
}
