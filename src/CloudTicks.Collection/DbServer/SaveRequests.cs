using CloudTicks.Ticks;
using CloudTicks.Ticks.Batches;

namespace CloudTicks.Collection.DbServer;

/// <summary>Turns records into requests, one per ticker and kind. Not thread-safe.</summary>
internal sealed class SaveRequests
{
    private readonly TickBatchReader _reader = new(new SymbolDictionary());
    private readonly Dictionary<(Symbol Symbol, TickKind Kind), SaveRequest> _open = [];

    /// <summary>Turns a record into requests.</summary>
    /// <exception cref="TickBatchFormatException">The record is damaged.</exception>
    public IReadOnlyList<SaveRequest> Read(ReadOnlyMemory<byte> record)
    {
        var requests = new List<SaveRequest>();
        _open.Clear();
        _reader.Open(record);
        var tick = default(Tick);
        while (_reader.TryRead(ref tick))
        {
            var key = (tick.Symbol, tick.Kind);
            if (!_open.TryGetValue(key, out var request) || request.Count == SaveRequest.MaxTicks)
            {
                _open[key] = request = new SaveRequest(tick.Symbol, tick.Kind);
                requests.Add(request);
            }

            request.Add(tick);
        }

        return requests;
    }
}
