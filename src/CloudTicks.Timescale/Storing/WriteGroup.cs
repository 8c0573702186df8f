using System.Threading.Channels;

namespace CloudTicks.Timescale.Storing;

internal sealed class WriteGroup
{
    private long _bytes;

    public List<PendingWrite> Writes { get; } = [];

    public int Rows { get; private set; }

    public bool IsFull(TimescaleOptions bounds) => Rows >= bounds.RowsPerTransaction || _bytes >= bounds.BytesPerTransaction;

    public void Fill(ChannelReader<PendingWrite> waiting, TimescaleOptions bounds)
    {
        while (!IsFull(bounds) && waiting.TryRead(out var write))
        {
            Writes.Add(write);
            Rows += write.RowCount;
            _bytes += write.Rows.Length;
        }
    }

    public void Clear()
    {
        Writes.Clear();
        (Rows, _bytes) = (0, 0);
    }
}
