using System.Net;
using Microsoft.Extensions.Options;

namespace CloudTicks.Dashboard.Streams;

/// <summary>Limits the open streams, per address and in total.</summary>
internal sealed class StreamSlots(IOptions<DashboardOptions> options, StreamMetrics metrics, ILogger<StreamSlots> logger)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<IPAddress, int> _openByClient = [];
    private int _open;
    private bool _isLogged;

    /// <summary>Reserves a slot for a stream.</summary>
    /// <returns>An object that releases the slot; null at the limit.</returns>
    public IDisposable? Acquire(IPAddress client, out string refusal)
    {
        var isLogged = true;
        lock (_gate)
        {
            var count = _openByClient.GetValueOrDefault(client);
            refusal = count >= options.Value.StreamsPerClient ? $"{count} streams of this page are open from your address: close a tab."
                : _open >= options.Value.Streams ? $"{_open} streams of this dashboard are open, the maximum: try again in a moment."
                : "";
            if (refusal.Length == 0)
            {
                _openByClient[client] = count + 1;
                _open++;
                metrics.Opened();
                return new Slot(this, client);
            }

            metrics.Refused(count >= options.Value.StreamsPerClient ? "client" : "all");
            (isLogged, _isLogged) = (_isLogged, true);
        }

        if (!isLogged)
        {
            logger.FirstStreamRefused(refusal);
        }

        return null;
    }

    private void Release(IPAddress client)
    {
        lock (_gate)
        {
            _open--;
            if (--_openByClient[client] == 0)
            {
                _openByClient.Remove(client);
            }
        }

        metrics.Closed();
    }

    private sealed class Slot(StreamSlots slots, IPAddress client) : IDisposable
    {
        private int _isReleased;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isReleased, 1) == 0)
            {
                slots.Release(client);
            }
        }
    }
}
