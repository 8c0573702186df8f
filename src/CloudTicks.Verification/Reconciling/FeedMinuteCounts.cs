using System.Globalization;
using CloudTicks.Verification.Responses;
using CloudTicks.Verification.SystemParts;

namespace CloudTicks.Verification.Reconciling;

/// <summary>The simulator's own tick counts by series and minute, read ten minutes at a time.</summary>
internal sealed class FeedMinuteCounts(ServiceQueryClient simulator, long fromMs, long toMs)
{
    private const long MinuteMs = 60_000;
    private const long BatchMs = 10 * MinuteMs;

    private readonly Dictionary<(Series Series, long MinuteMs), FeedMinute> _minutes = [];
    private Dictionary<Series, long> _knownFromMs = [];
    private long _readToMs = long.MinValue;

    /// <summary>
    /// The feed's counts for a completely counted minute, by series; empty before the counts begin. The minutes of successive calls must
    /// ascend.
    /// </summary>
    /// <exception cref="NoResponseException">The simulator does not answer.</exception>
    public async Task<IReadOnlyDictionary<Series, FeedMinute>> ReadAsync(long minuteMs, CancellationToken cancellationToken)
    {
        if (minuteMs + MinuteMs <= fromMs)
        {
            return new Dictionary<Series, FeedMinute>();
        }

        if (minuteMs >= _readToMs)
        {
            await QueryAsync(minuteMs, cancellationToken);
        }

        var begin = Math.Max(minuteMs, fromMs);
        return _knownFromMs.Where(series => series.Value <= begin)
            .ToDictionary(series => series.Key, series => _minutes.GetValueOrDefault((series.Key, minuteMs)));
    }

    private async Task QueryAsync(long minuteMs, CancellationToken cancellationToken)
    {
        _readToMs = minuteMs + BatchMs;
        var response = await simulator.GetAsync<FeedSeriesResponse[]>(
            string.Create(CultureInfo.InvariantCulture, $"api/v1/minutes?from={Math.Max(minuteMs, fromMs)}&to={Math.Min(_readToMs, toMs)}"),
            cancellationToken);
        _minutes.Clear();
        _knownFromMs = response.ToDictionary(SeriesOf, series => series.KnownFromMs);
        foreach (var series in response)
        {
            foreach (var minute in series.Minutes)
            {
                _minutes[(SeriesOf(series), minute.MinuteMs)] = new FeedMinute(
                    minute.Distinct,
                    ulong.TryParse(minute.DistinctSum, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var sum) ? sum : 0);
            }
        }
    }

    private static Series SeriesOf(FeedSeriesResponse series) => new(series.Symbol, series.Kind == "trade");
}

internal readonly record struct FeedMinute(long Distinct, ulong Sum);
