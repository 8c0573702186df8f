using CloudTicks.EventStream.Records;
using CloudTicks.EventStream.Topics;

namespace CloudTicks.Verification;

/// <summary>How far the consumer groups are from the end of a run.</summary>
/// <param name="positions">Tells their committed offsets.</param>
/// <param name="time">The clock of the waits.</param>
internal sealed class ConsumerProgress(StreamPositions positions, TimeProvider time)
{
    private static readonly TimeSpan BetweenAsks = TimeSpan.FromMilliseconds(200);

    /// <summary>
    /// Waits until a group has committed everything in the window, for as long as it gets nearer.
    /// </summary>
    /// <param name="window">The run.</param>
    /// <param name="patience">How long it may stand still.</param>
    /// <returns>Records that it has not committed; 0 when it is through.</returns>
    public async Task<long> WaitAsync(string group, StreamWindow window, TimeSpan patience, CancellationToken cancellationToken)
    {
        var least = long.MaxValue;
        var since = time.GetTimestamp();
        while (true)
        {
            var lag = await LagAsync(group, window, cancellationToken);
            if (lag < least)
            {
                (least, since) = (lag, time.GetTimestamp());
            }

            if (lag == 0 || time.GetElapsedTime(since) > patience)
            {
                return lag;
            }

            await Task.Delay(BetweenAsks, time, cancellationToken);
        }
    }

    private async Task<long> LagAsync(string group, StreamWindow window, CancellationToken cancellationToken)
    {
        var committed = await positions.GetCommittedAsync(group, window.Topic, cancellationToken);
        return window.Ranges.Sum(range => Lag(range, committed.GetValueOrDefault(range.Partition)));
    }

    private static long Lag(OffsetRange range, long committed) => Math.Max(0, range.To - Math.Max(committed, range.From));
}
