/*
 * date.c - dates as HTTP writes them. RFC 9110 5.6.7 has three forms; each is a pattern
 * here. Read http_date_parse() first. Next: fields.h.
 */
#include "date.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "ascii.h"

const char *http_date(char text[HTTP_DATE_SIZE], int64_t when)
{
    static const char days[] = "SunMonTueWedThuFriSat";
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    time_t seconds = (time_t)when;
    struct tm t;

    text[0] = '\0';
    if (gmtime_r(&seconds, &t) != NULL && t.tm_year >= -1900 && t.tm_year < 10000 - 1900)
        snprintf(text, HTTP_DATE_SIZE, "%.3s, %02d %.3s %04d %02d:%02d:%02d GMT",
                 days + 3 * t.tm_wday, t.tm_mday % 100, months + 3 * t.tm_mon,
                 (t.tm_year + 1900) % 10000, t.tm_hour % 100, t.tm_min % 100,
                 t.tm_sec % 100);
    return text;
}

/* ---- parsing ----------------------------------------------------------------------- */

struct date {
    int64_t year;
    int64_t month, day; /* from 0, from 1 */
    int64_t hour, minute, second;
};

/* Consumes `n` digits. */
static bool number(struct span *text, size_t n, int64_t *value)
{
    *value = 0;
    if (text->n < n)
        return false;
    for (size_t i = 0; i < n; i++) {
        if (!ascii_is_digit(text->at[i]))
            return false;
        *value = *value * 10 + (text->at[i] - '0');
    }
    *text = (struct span){ text->at + n, text->n - n };
    return true;
}

/* Consumes one of the names; each ends with '|'. Sets its position in the list. */
static bool name(struct span *text, const char *names, int64_t *which)
{
    for (*which = 0; *names != '\0'; ++*which) {
        size_t n = strcspn(names, "|");

        if (text->n >= n && memcmp(text->at, names, n) == 0) {
            *text = (struct span){ text->at + n, text->n - n };
            return true;
        }
        names += n + 1;
    }
    return false;
}

/* Consumes this character. */
static bool one(struct span *text, char c)
{
    if (text->n == 0 || *text->at != c)
        return false;
    *text = (struct span){ text->at + 1, text->n - 1 };
    return true;
}

/* Consumes the part of a date that `letter` stands for in a pattern, and stores it. */
static bool part(char letter, struct span *text, struct date *date)
{
    int64_t weekday; /* not checked: the date determines it */

    switch (letter) {
    case 'w':
        return name(text, "Mon|Tue|Wed|Thu|Fri|Sat|Sun|", &weekday);
    case 'W':
        return name(text, "Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|",
                    &weekday);
    case 'b':
        return name(text, "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec|",
                    &date->month);
    case 'd':
        return number(text, 2, &date->day);
    case 'e': /* " 6" or "16" */
        return one(text, ' ') ? number(text, 1, &date->day) : number(text, 2, &date->day);
    case 'Y':
        return number(text, 4, &date->year);
    case 'y':
        return number(text, 2, &date->year);
    case 'h':
        return number(text, 2, &date->hour);
    case 'm':
        return number(text, 2, &date->minute);
    default: /* 's' */
        return number(text, 2, &date->second);
    }
}

static bool matches(const char *pattern, struct span text, struct date *date)
{
    for (; *pattern != '\0'; pattern++)
        if (*pattern == '%' ? !part(*++pattern, &text, date) : !one(&text, *pattern))
            return false;
    return text.n == 0;
}

static bool is_leap(int64_t year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static int64_t days_in(int64_t year, int64_t month)
{
    static const char days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

    return days[month] + (month == 1 && is_leap(year));
}

/* Returns the seconds from 1970 to a valid date, below 0 for an earlier one. */
static int64_t since_1970(const struct date *date)
{
    int64_t y = date->year - 1; /* whole years before this one */
    int64_t days = y * 365 + y / 4 - y / 100 + y / 400 - 719162;

    for (int64_t month = 0; month < date->month; month++)
        days += days_in(date->year, month);
    days += date->day - 1;
    return ((days * 24 + date->hour) * 60 + date->minute) * 60 + date->second;
}

static bool is_valid(const struct date *date)
{
    return date->year >= 1 && date->day >= 1 &&
           date->day <= days_in(date->year, date->month) && date->hour < 24 &&
           date->minute < 60 && date->second <= 60; /* a leap second */
}

/* Returns the latest year with these two digits that is at most 50 years ahead (RFC 9110
 * 5.6.7). */
static int64_t whole_year(int64_t two_digits, int64_t now)
{
    int64_t latest = 1970 + now / 31556952 + 50;

    return latest - (latest - two_digits) % 100;
}

int64_t http_date_parse(const struct span *value, int64_t now, int64_t otherwise)
{
    struct span text = { "", 0 };
    struct date date;

    if (value != NULL)
        text = http_trim(value->at, value->at + value->n);
    if (matches("%W, %d-%b-%y %h:%m:%s GMT", text, &date))
        date.year = whole_year(date.year, now);
    else if (!matches("%w, %d %b %Y %h:%m:%s GMT", text, &date) &&
             !matches("%w %b %e %h:%m:%s %Y", text, &date))
        return otherwise;
    return is_valid(&date) ? since_1970(&date) : otherwise;
}
