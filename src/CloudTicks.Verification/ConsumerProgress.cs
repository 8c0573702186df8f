using CloudTicks.EventStream.Records;
using CloudTicks.EventStream.Topics;

namespace CloudTicks.Verification;

/// <summary>Waits for consumer groups to process records.</summary>
internal sealed class ConsumerProgress(StreamPositions positions, TimeProvider time)
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(200);

    /// <summary>Waits while a group advances towards the window's end, and returns the number of remaining records.</summary>
    public async Task<long> WaitAsync(string group, StreamWindow window, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var minLag = long.MaxValue;
        var since = time.GetTimestamp();
        while (true)
        {
            var lag = await LagAsync(group, window, cancellationToken);
            if (lag < minLag)
            {
                (minLag, since) = (lag, time.GetTimestamp());
            }

            if (lag == 0 || time.GetElapsedTime(since) > timeout)
            {
                return lag;
            }

            await Task.Delay(PollInterval, time, cancellationToken);
        }
    }

    private async Task<long> LagAsync(string group, StreamWindow window, CancellationToken cancellationToken)
    {
        var committed = await positions.GetCommittedAsync(group, window.Topic, cancellationToken);
        return window.Ranges.Sum(range => Lag(range, committed.GetValueOrDefault(range.Partition)));
    }

    private static long Lag(OffsetRange range, long committed) => Math.Max(0, range.To - Math.Max(committed, range.From));
}
