using System.Globalization;
using CloudTicks.Polygon.Serving.Rest;

namespace CloudTicks.Simulator.Rest;

/// <summary>Thrown when the requested range begins before the history. A partial response would look complete.</summary>
internal sealed class RangeNotRetainedException(long knownFromMs) : Exception(string.Create(
    CultureInfo.InvariantCulture,
    $"This server has no history before {DateTimeOffset.FromUnixTimeMilliseconds(knownFromMs).UtcDateTime:yyyy-MM-ddTHH:mm:ss.fffZ} "
        + $"(timestamp {knownFromMs * TimeRange.NsPerMs}): request later times."));
