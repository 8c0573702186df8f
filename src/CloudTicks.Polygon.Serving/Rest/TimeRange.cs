using System.Globalization;
using Microsoft.Extensions.Primitives;

namespace CloudTicks.Polygon.Serving.Rest;

/// <summary>
/// The requested time range: <c>timestamp</c> and its <c>.gt .gte .lt .lte</c>, as ns since 1970, as a date (UTC), or as an ISO time.
/// </summary>
internal readonly record struct TimeRange(long FromNs, long ToNs)
{
    public const long NsPerMs = 1_000_000;

    private const string Name = "timestamp";

    // The first year that is not supported: during 2262, ns since 1970 become too large for an Int64.
    private const int FirstUnsupportedYear = 2262;

    /// <exception cref="RestRequestException">One of the parameters is not a time.</exception>
    public static TimeRange Of(IReadOnlyDictionary<string, StringValues> parameters)
    {
        var (from, to) = (0L, long.MaxValue);
        Narrow(Name, range => (from, to) = (Math.Max(from, range.FromNs), Math.Min(to, range.ToNs)));
        Narrow($"{Name}.gte", range => from = Math.Max(from, range.FromNs));
        Narrow($"{Name}.gt", range => from = Math.Max(from, range.ToNs));
        Narrow($"{Name}.lte", range => to = Math.Min(to, range.ToNs));
        Narrow($"{Name}.lt", range => to = Math.Min(to, range.FromNs));
        return new TimeRange(from, to);

        void Narrow(string name, Action<TimeRange> by)
        {
            if (parameters.Text(name) is { } text)
                by(Read(name, text));
        }
    }

    public bool Contains(long ns) => ns >= FromNs && ns < ToNs;

    private static TimeRange Read(string name, string text)
    {
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var ns))
            return new TimeRange(ns, ns == long.MaxValue ? ns : ns + 1);
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            && day.Year < FirstUnsupportedYear)
            return new TimeRange(NsOf(day), NsOf(day.AddDays(1)));
        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            && time.Year < FirstUnsupportedYear)
            return new TimeRange(time.ToUnixTimeMilliseconds() * NsPerMs, (time.ToUnixTimeMilliseconds() * NsPerMs) + 1);
        throw new RestRequestException(
            $"'{name}' must be a date (2025-01-27), an ISO 8601 time, or a time in nanoseconds since 1970, not '{text}'.");
    }

    private static long NsOf(DateOnly day) => new DateTimeOffset(day, TimeOnly.MinValue, TimeSpan.Zero).ToUnixTimeMilliseconds() * NsPerMs;
}
