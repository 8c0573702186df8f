using CloudTicks.EventStream.Records;
using CloudTicks.EventStream.Topics;

namespace CloudTicks.Verification;

/// <summary>The consumer groups' lag at the end of a run.</summary>
internal sealed class ConsumerProgress(StreamPositions positions, TimeProvider time)
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(200);

    /// <summary>Waits while a group advances towards the window's end; returns the remaining records.</summary>
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
