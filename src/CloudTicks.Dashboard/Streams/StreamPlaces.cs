using System.Net;
using Microsoft.Extensions.Options;

namespace CloudTicks.Dashboard.Streams;

/// <summary>How many streams are open, of each address and in all.</summary>
internal sealed class StreamPlaces(IOptions<DashboardOptions> options, StreamMetrics metrics, ILogger<StreamPlaces> logger)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<IPAddress, int> _ofClient = [];
    private int _open;
    private bool _isSaid;

    /// <summary>Takes a place.</summary>
    /// <returns>Gives the place back; null when there is none.</returns>
    public IDisposable? Take(IPAddress client, out string refusal)
    {
        var isSaid = true;
        lock (_gate)
        {
            var own = _ofClient.GetValueOrDefault(client);
            refusal = own >= options.Value.StreamsPerClient ? $"{own} streams of this page are open from your address: close a tab."
                : _open >= options.Value.Streams ? $"{_open} streams of this page are open, as many as it serves: come again in a moment."
                : "";
            if (refusal.Length == 0)
            {
                _ofClient[client] = own + 1;
                _open++;
                metrics.Opened();
                return new Place(this, client);
            }

            metrics.Refused(own >= options.Value.StreamsPerClient ? "client" : "all");
            (isSaid, _isSaid) = (_isSaid, true);
        }

        if (!isSaid)
        {
            logger.FirstStreamRefused(refusal);
        }

        return null;
    }

    private void GiveBack(IPAddress client)
    {
        lock (_gate)
        {
            _open--;
            if (--_ofClient[client] == 0)
            {
                _ofClient.Remove(client);
            }
        }

        metrics.Closed();
    }

    private sealed class Place(StreamPlaces places, IPAddress client) : IDisposable
    {
        private int _isGivenBack;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isGivenBack, 1) == 0)
            {
                places.GiveBack(client);
            }
        }
    }
}
