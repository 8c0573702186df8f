using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace CloudTicks.Dashboard.Board;

/// <summary>Tracks which rows one viewer has. A frame contains the changed rows: first those in view, then the others in turn.</summary>
internal sealed class BoardViewer(SymbolBoard board, TimeProvider time)
{
    public const int MaxRows = 1_500;
    public const int MaxInView = 300;

    private const int IdBytes = 8;

    private readonly ArrayBufferWriter<byte> _frame = new();
    private readonly double[] _spark = new double[BoardRow.SparkLength];
    private volatile BoardRow[] _inView = [];
    private long[] _seenAt = [];
    private int _next;
    private int _rowCount;
    private bool _isFull;

    /// <summary>The unguessable id of the viewer.</summary>
    public string Id { get; } = RandomNumberGenerator.GetHexString(2 * IdBytes, lowercase: true);

    public void SetView(IEnumerable<string> symbols) => _inView = [.. symbols.Select(board.Find).OfType<BoardRow>()];

    /// <summary>Starts the stream: with all rows, or after a snapshot that the viewer already has.</summary>
    /// <param name="snapshot">The snapshot's number; 0 for none.</param>
    public void Begin(long snapshot)
    {
        _isFull = snapshot == 0;
        var rows = board.Snapshot.Rows;
        _seenAt = new long[rows.Length];
        foreach (var row in rows)
        {
            // The viewer has the rows that have not changed since that snapshot.
            _seenAt[row.Index] = row.Frame.ChangedAt <= snapshot ? snapshot : 0;
        }
    }

    /// <summary>Writes a frame of the changed rows; null when there is nothing to send. The JSON is valid until the next call.</summary>
    /// <param name="resumeAt">The number of the snapshot after which this viewer would resume.</param>
    public ReadOnlyMemory<byte>? WriteFrame(BoardSnapshot snapshot, out long resumeAt)
    {
        var rows = snapshot.Rows;
        if (_seenAt.Length < rows.Length)
        {
            Array.Resize(ref _seenAt, Math.Max(rows.Length, _seenAt.Length * 2));
        }

        _frame.ResetWrittenCount();
        _rowCount = 0;
        WriteHead(snapshot.Number);
        foreach (var row in _inView)
        {
            if (row.Index < rows.Length)
            {
                Add(row);
            }
        }

        for (var count = 0; count < rows.Length && _rowCount < MaxRows; count++)
        {
            _next = _next + 1 < rows.Length ? _next + 1 : 0;
            Add(rows[_next]);
        }

        resumeAt = snapshot.Number;
        if (_rowCount >= MaxRows)
        {
            foreach (var row in rows)
            {
                resumeAt = row.Frame.ChangedAt is var changed && changed > _seenAt[row.Index] ? Math.Min(resumeAt, changed - 1) : resumeAt;
            }
        }

        if (_rowCount == 0 && !_isFull)
        {
            return null;
        }

        _isFull = false;
        _frame.Write("]}"u8);
        return _frame.WrittenMemory;
    }

    private void WriteHead(long number) => Encoding.UTF8.GetBytes(
        string.Create(
            CultureInfo.InvariantCulture,
            $"{{\"stream\":\"{Id}\",\"seq\":{number},\"now_ms\":{time.GetUtcNow().ToUnixTimeMilliseconds()},"
                + $"\"full\":{(_isFull ? "true" : "false")},\"rows\":["),
        _frame);

    private void Add(BoardRow row)
    {
        var frame = row.Frame;
        if (frame.ChangedAt <= _seenAt[row.Index])
        {
            return;
        }

        if (_rowCount++ > 0)
        {
            _frame.Write(","u8);
        }

        _frame.Write(frame.Json);
        if (_seenAt[row.Index] == 0)
        {
            RowJson.WriteSpark(_frame, _spark.AsSpan(0, board.CopySpark(row, _spark)));
        }

        _frame.Write("]"u8);
        _seenAt[row.Index] = frame.ChangedAt;
    }
}
