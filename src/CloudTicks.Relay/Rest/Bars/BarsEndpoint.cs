using System.Globalization;
using CloudTicks.Polygon.Serving.Rest;
using CloudTicks.Ticks;

namespace CloudTicks.Relay.Rest.Bars;

/// <summary>Handles <c>/v2/aggs/ticker/{ticker}/range/{multiplier}/{timespan}/{from}/{to}</c>.</summary>
internal sealed class BarsEndpoint(RelayHistory history)
{
    private const int DefaultLimit = 5_000;
    private const int MaxLimit = 50_000;
    private const int MaxMultiplier = 10_000;
    private const int MaxMultiplierOfDays = 100;
    private const int SliceRows = 50_000;

    // The start of 2100, Unix ms; only earlier times are supported.
    private const long LastMs = 4_102_444_800_000;

    /// <exception cref="RestRequestException">A parameter is invalid.</exception>
    public async Task<RestResponse> GetAsync(
        HttpRequest request, string ticker, string multiplier, string timespan, string from, string to,
        CancellationToken cancellationToken)
    {
        if (!TickerName.TryParseAny(ticker, out var symbol))
        {
            return RestResponse.NotFound(
                $"'{ticker}' is not a ticker of any market. Examples: AAPL, O:SPY251219C00650000, C:EURUSD, X:BTCUSD.");
        }

        var cursor = PageCursor.Of(request);
        var windows = WindowsOf(symbol.Market, multiplier, TimespanOf(timespan));
        var first = windows.Of(TimeOf("from", from, windows, isEnd: false)).StartMs;
        var end = windows.Of(TimeOf("to", to, windows, isEnd: true)).EndMs;
        if (first >= end)
        {
            throw new RestRequestException("'to' is before 'from'.");
        }

        var isBackward = cursor.Parameters.Choice("sort", "asc", "desc") == "desc";
        var limit = cursor.Parameters.Limit(DefaultLimit, MaxLimit);
        var query = new TickQuery
        {
            Symbol = symbol,
            Kind = symbol.Market == Market.Forex ? TickKind.Quote : TickKind.Trade,
            // At least 1, because 0 would mean a range without a start.
            FromMs = Math.Max(1, isBackward ? first : cursor.Number() ?? first),
            ToMs = isBackward ? cursor.Number() ?? end : end,
            IsBackward = isBackward,
            SliceRows = SliceRows,
        };
        var series = new BarSeries(windows, isBackward, limit);
        var read = await history.ReadAsync(query, series, cancellationToken);
        if (series.IsEmpty && cursor.Position is null
            && await history.ExplainAbsenceAsync(query, read, cancellationToken) is { } absence)
        {
            return RestResponse.NotFound(absence);
        }

        var (bars, next) = series.Build();
        return CreateResponse(ticker, cursor.Parameters.Choice("adjusted", "true", "false") != "false", series.Ticks, bars,
            next is null ? null : cursor.NextUrl(request, isBackward ? windows.Of(next.StartMs).EndMs : next.StartMs));
    }

    private static RestResponse CreateResponse(string ticker, bool isAdjusted, int ticks, IReadOnlyList<Bar> bars, string? nextUrl) =>
        new(StatusCodes.Status200OK, writer =>
        {
            writer.WriteString("ticker"u8, ticker);
            writer.WriteNumber("queryCount"u8, ticks);
            writer.WriteNumber("resultsCount"u8, bars.Count);
            writer.WriteBoolean("adjusted"u8, isAdjusted);
            if (bars.Count > 0)
            {
                writer.WriteStartArray("results"u8);
                foreach (var bar in bars)
                {
                    bar.Write(writer);
                }

                writer.WriteEndArray();
            }

            writer.WriteString("status"u8, "OK"u8);
            writer.WriteNumber("count"u8, bars.Count);
        })
        { NextUrl = nextUrl };

    private static BarWindows WindowsOf(Market market, string multiplier, Timespan timespan)
    {
        var max = timespan < Timespan.Day ? MaxMultiplier : MaxMultiplierOfDays;
        return int.TryParse(multiplier, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= max
            ? new BarWindows(market, number, timespan)
            : throw new RestRequestException($"The multiplier of a {timespan} must be a number from 1 to {max}, not '{multiplier}'.");
    }

    private static Timespan TimespanOf(string text) => Enum.GetValues<Timespan>().Cast<Timespan?>()
        .FirstOrDefault(timespan => timespan.ToString()!.Equals(text, StringComparison.OrdinalIgnoreCase))
        ?? throw new RestRequestException(
            $"The timespan must be one of {string.Join(", ", Enum.GetNames<Timespan>()).ToLowerInvariant()}, not '{text}'.");

    /// <summary>Parses a time in the path. A date at the end of the range means the last ms of that day.</summary>
    private static long TimeOf(string name, string text, BarWindows windows, bool isEnd)
    {
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var ms) && ms < LastMs)
        {
            return ms;
        }

        return DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            && day >= DateOnly.FromDateTime(DateTime.UnixEpoch) && day < DateOnly.FromDateTime(DateTime.UnixEpoch.AddMilliseconds(LastMs))
            ? isEnd ? windows.MidnightOf(day.AddDays(1)) - 1 : windows.MidnightOf(day)
            : throw new RestRequestException($"'{name}' must be a date (2025-01-27) or a time in milliseconds since 1970, not '{text}'.");
    }
}
