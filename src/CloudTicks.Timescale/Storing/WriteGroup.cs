using System.Threading.Channels;

namespace CloudTicks.Timescale.Storing;

/// <summary>Writes that go into one transaction.</summary>
internal sealed class WriteGroup
{
    private long _bytes;

    public List<PendingWrite> Writes { get; } = [];

    public int Rows { get; private set; }

    /// <summary>Whether it takes no more.</summary>
    public bool IsFull(TimescaleOptions bounds) => Rows >= bounds.RowsPerTransaction || _bytes >= bounds.BytesPerTransaction;

    /// <summary>Takes writes that wait, until it is full.</summary>
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
