using CloudTicks.EventHub.Metrics;
using CloudTicks.EventHub.Partitions;
using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Broker;

/// <summary>
/// Verifies the checksums of all segments, slowly and repeatedly, to find damage while a backup may still contain the records.
/// </summary>
internal sealed class Scrub : IAsyncDisposable
{
    private const int ReadBytes = 256 * 1024;

    private readonly HubStorage _storage;
    private readonly long _bytesPerSecond;
    private readonly TimeSpan _interval;
    private readonly TimeProvider _time;
    private readonly EventHubMetrics _metrics;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _loop;

    /// <summary>Starts the scrub immediately; a rate of 0 disables it.</summary>
    public Scrub(HubStorage storage, long bytesPerSecond, TimeSpan interval, TimeProvider time, EventHubMetrics metrics, ILogger logger)
    {
        (_storage, _bytesPerSecond, _interval, _time, _metrics, _logger) = (storage, bytesPerSecond, interval, time, metrics, logger);
        _loop = bytesPerSecond > 0 ? Task.Run(() => RunAsync(_stop.Token)) : Task.CompletedTask;
    }

    /// <summary>Completes when the scrub has stopped; already completed when the scrub is disabled.</summary>
    public Task Completion => _loop;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop;
        _stop.Dispose();
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                var bytes = 0L;
                foreach (var partition in NextRound())
                {
                    bytes += await TryVerifyAsync(partition, cancellationToken);
                }

                _logger.Scrubbed(new(bytes), _interval);
                await Task.Delay(_interval, _time, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
        }
    }

    /// <summary>
    /// Returns the damaged partitions first, then the others from a random partition onward, so that the scrub reaches all of them even
    /// with frequent restarts.
    /// </summary>
    private List<PartitionLog> NextRound()
    {
        var all = _storage.Topics.All.SelectMany(t => t.Partitions).ToList();
        var first = all.Count > 0 ? Random.Shared.Next(all.Count) : 0;
        return [.. all.Skip(first).Concat(all.Take(first)).OrderBy(p => _storage.Damage.Contains(p.Name) ? 0 : 1)];
    }

    private async Task<long> TryVerifyAsync(PartitionLog partition, CancellationToken cancellationToken)
    {
        try
        {
            return await VerifyAsync(partition, cancellationToken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _logger.ScrubFailed(partition.Name, e.Message);
            return 0;
        }
    }

    private async Task<long> VerifyAsync(PartitionLog partition, CancellationToken cancellationToken)
    {
        var (startedAt, end) = (_time.GetTimestamp(), partition.HighWatermark);
        var bytes = 0L;
        for (var offset = partition.LogStart; offset < end && !partition.IsDeleted;)
        {
            offset = Math.Max(offset, partition.LogStart);
            var (read, next) = ReadOnce(partition, offset);
            if (read == 0 && partition.LogStart <= offset)
            {
                break; // no intact batch follows
            }

            offset = next;
            bytes += read;
            _metrics.Scrubbed(read);
            await Task.Delay(TimeSpan.FromSeconds((double)read / _bytesPerSecond), _time, cancellationToken);
        }

        _storage.Damage.ScrubCompleted(partition.Name, startedAt);
        return bytes;
    }

    private static (int Bytes, long NextOffset) ReadOnce(PartitionLog partition, long offset)
    {
        using var read = partition.Reader.Read(offset, ReadBytes, atLeastOne: true, fromDisk: true);
        for (var rest = read.Bytes.Span; RecordBatch.TryRead(rest, out var batch); rest = rest[(int)batch.TotalBytes..])
        {
            offset = batch.NextOffset;
        }

        return (read.Length, offset);
    }
}
