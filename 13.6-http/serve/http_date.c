/* http_date.c - dates as HTTP writes them, "Sun, 06 Nov 1994 08:49:37 GMT". */
#include <stdio.h>

#include "http_reply.h"

static const char days[] = "SunMonTueWedThuFriSat";
static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

const char *http_date(char text[HTTP_DATE_SIZE], time_t when)
{
    struct tm t;

    text[0] = '\0';
    if (gmtime_r(&when, &t) != NULL && t.tm_year >= -1900 && t.tm_year < 10000 - 1900)
        snprintf(text, HTTP_DATE_SIZE, "%.3s, %02d %.3s %04d %02d:%02d:%02d GMT",
                 days + 3 * t.tm_wday, t.tm_mday % 100, months + 3 * t.tm_mon,
                 (t.tm_year + 1900) % 10000, t.tm_hour % 100, t.tm_min % 100,
                 t.tm_sec % 100);
    return text;
}

/* Two or four digits at `at`, or -1. */
static int digits(const char *at, int n)
{
    int value = 0;

    for (; n > 0; n--, at++) {
        if (*at < '0' || *at > '9')
            return -1;
        value = value * 10 + (*at - '0');
    }
    return value;
}

/* Days from 1970-01-01 to that date of the Gregorian calendar; `month` from 0. A year is
 * counted from March on, so that the leap day is its last. */
static long days_since_1970(long year, int month, int day)
{
    long shifted = (month + 10) % 12; /* March is 0 */

    year -= month < 2;
    return year * 365 + year / 4 - year / 100 + year / 400 + (shifted * 306 + 5) / 10 +
           day - 1 - 719468;
}

time_t http_date_parse(struct span text)
{
    const char *at = text.at;
    int day, year, hour, minute, second, month = 0;
    char again[HTTP_DATE_SIZE];
    time_t when;

    if (text.n != 29)
        return -1;
    while (month < 12 && memcmp(at + 8, months + 3 * month, 3) != 0)
        month++;
    day = digits(at + 5, 2);
    year = digits(at + 12, 4);
    hour = digits(at + 17, 2);
    minute = digits(at + 20, 2);
    second = digits(at + 23, 2);
    if (month == 12 || day < 1 || year < 1970 || hour < 0 || minute < 0 || second < 0)
        return -1;
    when = (time_t)days_since_1970(year, month, day) * 86400 + hour * 3600L +
           minute * 60 + second;
    /* What does not come back the same was no date: a 30 February, a wrong weekday. */
    return http_span_is(text, http_date(again, when)) ? when : -1;
}
