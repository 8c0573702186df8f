using CloudTicks.Ticks;
using CloudTicks.Ticks.Batches;

namespace CloudTicks.Collection.DbServer;

/// <summary>Reads records as requests, each for one ticker and kind. Not thread-safe.</summary>
internal sealed class SaveRequestReader
{
    private readonly TickBatchReader _reader = new(new SymbolDictionary());
    private readonly Dictionary<(Symbol Symbol, TickKind Kind), SaveRequest> _openRequests = [];

    /// <summary>Turns a record into requests of at most <see cref="SaveRequest.MaxTicks"/> ticks each.</summary>
    /// <exception cref="TickBatchFormatException">The record is damaged.</exception>
    public IReadOnlyList<SaveRequest> Read(ReadOnlyMemory<byte> record)
    {
        var requests = new List<SaveRequest>();
        _openRequests.Clear();
        _reader.Open(record);
        var tick = default(Tick);
        while (_reader.TryRead(ref tick))
        {
            var key = (tick.Symbol, tick.Kind);
            if (!_openRequests.TryGetValue(key, out var request) || request.Count == SaveRequest.MaxTicks)
            {
                _openRequests[key] = request = new SaveRequest(tick.Symbol, tick.Kind);
                requests.Add(request);
            }

            request.Add(tick);
        }

        return requests;
    }
}
