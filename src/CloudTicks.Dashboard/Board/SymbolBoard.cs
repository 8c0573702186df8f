using System.Text;
using CloudTicks.Dashboard.Live;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Json;
using Microsoft.Extensions.Options;

namespace CloudTicks.Dashboard.Board;

/// <summary>
/// The state of each symbol. One thread adds ticks, another takes a snapshot four times a second; they block each other only while a row is
/// written or copied. Viewers wait for snapshots and share the rows' JSON.
/// </summary>
/// <remarks>
/// A lock is needed: after a lost connection, the old subscription's last message may be delivered concurrently with the new one's
/// first, so that two threads would write to a row. The lock is taken per tick, because the NATS client of either flavour delivers one
/// message at a time. The lock costs 2 to 4 % of the time to read a tick.
/// </remarks>
internal sealed class SymbolBoard(
    IOptions<DashboardOptions> options, LiveTicks live, BoardMetrics metrics, TimeProvider time, ILogger<SymbolBoard> logger)
{
    public static readonly TimeSpan SnapshotInterval = TimeSpan.FromMilliseconds(250);

    private const int SnapshotsPerSecond = 4;
    private const int SnapshotsPerSpark = 12;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, BoardRow> _byName = new(StringComparer.Ordinal);
    private readonly List<(BoardRow Row, RowState State)> _changedRows = [];
    private readonly byte[] _scratch = new byte[TickPrices.ScratchBytes];
    private volatile IReadOnlyDictionary<string, SessionOpening> _openings = new Dictionary<string, SessionOpening>();
    private BoardRow[] _rows = [];
    private int _count;
    private long _sessionsBegun;
    private volatile BoardSnapshot _snapshot = new(0, [], 0);

    public BoardSnapshot Snapshot => _snapshot;

    /// <summary>The number of ticks that set an opening price, over all symbols. It increases when a session begins.</summary>
    public long SessionsBegun => Volatile.Read(ref _sessionsBegun);

    public void Add(ReadOnlySpan<byte> subject, ReadOnlySpan<byte> json)
    {
        var nowMs = time.GetUtcNow().ToUnixTimeMilliseconds();
        lock (_gate)
        {
            if (!TickPrices.TryRead(json, _scratch, out var tick) || !TryFind(tick.Symbol, out var row))
            {
                if (metrics.CountInvalidMessage() == 1)
                {
                    logger.InvalidMessageSkipped(Encoding.UTF8.GetString(subject));
                }

                return;
            }

            metrics.Count(tick, nowMs);
            if (row is not null)
            {
                if (row.Add(tick, nowMs))
                {
                    BeginSession(row);
                }

                live.Add(row.Symbol, json);
            }
        }
    }

    /// <summary>Applies the session's opening prices from the table, also to rows added later.</summary>
    public void ApplyOpenings(IReadOnlyDictionary<string, SessionOpening> openings)
    {
        _openings = openings;
        foreach (var (symbol, opening) in openings)
        {
            // Take the lock for each symbol separately, so that ticks do not wait long.
            lock (_gate)
            {
                if (_byName.TryGetValue(symbol, out var row))
                {
                    row.ApplyOpening(opening);
                }
            }
        }
    }

    public void TakeSnapshot()
    {
        BoardSnapshot next;
        lock (_gate)
        {
            var number = _snapshot.Number + 1;
            var (isSecond, isSpark) = (number % SnapshotsPerSecond == 0, number % SnapshotsPerSpark == 0);
            _changedRows.Clear();
            foreach (var row in _rows.AsSpan(0, _count))
            {
                if (isSecond)
                {
                    row.CountSecond();
                }

                if (isSpark)
                {
                    row.AddSpark();
                }

                if (row.IsChanged)
                {
                    _changedRows.Add((row, row.Read()));
                }
            }

            next = new BoardSnapshot(number, _rows, _count);
        }

        foreach (var (row, state) in _changedRows)
        {
            row.Frame = new RowFrame(RowJson.Write(row, state), next.Number);
        }

        var before = _snapshot;
        _snapshot = next;
        before.Supersede();
    }

    public BoardRow? Find(string symbol)
    {
        lock (_gate)
        {
            return _byName.GetValueOrDefault(symbol);
        }
    }

    public int CopySpark(BoardRow row, Span<double> destination)
    {
        lock (_gate)
        {
            return row.CopySpark(destination);
        }
    }

    /// <summary>Finds or creates the row of a symbol.</summary>
    /// <returns>False when the text is not a symbol; the row is null when the board is full.</returns>
    private bool TryFind(ReadOnlySpan<byte> name, out BoardRow? row)
    {
        row = null;
        Span<char> text = stackalloc char[Symbol.MaxNameBytes];
        if (!Encoding.UTF8.TryGetChars(name, text, out var length))
        {
            return false;
        }

        if (_byName.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(text[..length], out row))
        {
            return true;
        }

        // A symbol is published under its normalised name only.
        if (!Symbol.TryParse(new string(text[..length]), out var symbol) || !text[..length].SequenceEqual(symbol.Name))
        {
            return false;
        }

        if (_count < options.Value.Symbols)
        {
            row = Add(symbol);
        }
        else if (metrics.CountWithoutRow() == 1)
        {
            logger.BoardIsFull(_count);
        }

        return true;
    }

    private void BeginSession(BoardRow row)
    {
        Volatile.Write(ref _sessionsBegun, _sessionsBegun + 1);
        if (_openings.TryGetValue(row.Symbol.Name, out var opening))
        {
            row.ApplyOpening(opening);
        }
    }

    private BoardRow Add(Symbol symbol)
    {
        if (_count == _rows.Length)
        {
            // Snapshots that are in use keep the old array.
            Array.Resize(ref _rows, Math.Max(256, _count * 2));
        }

        var row = new BoardRow(symbol, _count);
        _byName.Add(symbol.Name, row);
        _rows[_count++] = row;
        return row;
    }
}
