using CloudTicks.AppHost.Local.Running;
using CloudTicks.Ticks.Measures;
using CloudTicks.Ticks.Status;

namespace CloudTicks.AppHost.Local.Screen;

/// <summary>Collects counter readings and computes figures from them. Thread-safe.</summary>
internal sealed class FigureBook(TimeProvider time)
{
    /// <summary>
    /// The suffix, after a collector's name, for the figures of that collector alone; the row <c>collector</c> shows the total of all
    /// collectors.
    /// </summary>
    public const string CollectorSuffix = "/own";

    private const int HistorySeconds = 60;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, RateMeter> _meters = [];
    private readonly Dictionary<string, BacklogMeter> _backlogs = [];
    private readonly Queue<double> _history = new();
    private readonly RateMeter _records = new(time);
    private Figures _figures = new();
    private double _recordsPerSecond;

    public Figures Newest
    {
        get
        {
            lock (_gate)
            {
                return _figures with { History = [.. _history] };
            }
        }
    }

    public void Count(string row, long count)
    {
        lock (_gate)
        {
            SetRate(row, count);
        }
    }

    public void Update(CollectorTotals status)
    {
        lock (_gate)
        {
            _recordsPerSecond = _records.Read(status.ArchivedRecords);
            SetRate("eventhubs", status.Archived);
            _history.Enqueue(SetRate("collector", status.Received));
            if (_history.Count > HistorySeconds)
            {
                _history.Dequeue();
            }

            _figures = _figures with
            {
                Refused = status.Refused,
                Disconnected = [.. status.Connected.Where(market => !market.Value).Select(market => market.Key)],
                Symbols = status.Symbols.Count,
                Totals = _figures.Totals with
                {
                    Received = status.Received,
                    Rejected = status.Rejected.Values.Sum(),
                    Archived = status.Archived,
                },
            };
        }
    }

    public void Update(long stored, long published, LakeStatus? lake)
    {
        lock (_gate)
        {
            SetRate(FunctionRows.StoreTicks, stored);
            SetRate(FunctionRows.PublishTicks, published);
            _figures = _figures with { Totals = _figures.Totals with { Stored = stored, Published = published }, Lake = lake };
        }
    }

    public void SetLag(string row, long records)
    {
        lock (_gate)
        {
            if (!_backlogs.TryGetValue(row, out var meter))
            {
                _backlogs[row] = meter = new BacklogMeter();
            }

            _figures =
                _figures with { Lag = new Dictionary<string, Backlog>(_figures.Lag) { [row] = meter.Read(records, _recordsPerSecond) } };
        }
    }

    public void SetFreeBytes(long bytes)
    {
        lock (_gate)
        {
            _figures = _figures with { FreeBytes = bytes };
        }
    }

    private double SetRate(string row, long count)
    {
        if (!_meters.TryGetValue(row, out var meter))
        {
            _meters[row] = meter = new RateMeter(time);
        }

        var rate = meter.Read(count);
        _figures = _figures with { TicksPerSecond = new Dictionary<string, double>(_figures.TicksPerSecond) { [row] = rate } };
        return rate;
    }
}
