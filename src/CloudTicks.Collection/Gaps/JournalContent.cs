namespace CloudTicks.Collection.Gaps;

/// <summary>A journal file's whole entries, damaged stretches, and unfinished last entry.</summary>
internal sealed class JournalContent
{
    private JournalContent()
    {
    }

    public List<byte[]> Entries { get; } = [];

    public List<byte[]> Damaged { get; } = [];

    public int UnfinishedBytes { get; private set; }

    /// <summary>Reads a file. Behind a damaged stretch it goes on with the next entry whose checksum holds.</summary>
    public static JournalContent Read(ReadOnlySpan<byte> bytes)
    {
        var content = new JournalContent();
        for (var at = 0; at < bytes.Length;)
        {
            if (JournalEntry.TryRead(bytes[at..], out var entry))
            {
                content.Entries.Add(entry);
                at += JournalEntry.HeadBytes + entry.Length;
                continue;
            }

            var next = at + 1;
            while (next < bytes.Length && !JournalEntry.TryRead(bytes[next..], out _))
            {
                next++;
            }

            content.AddStretch(bytes[at..next], isLast: next == bytes.Length);
            at = next;
        }

        return content;
    }

    private void AddStretch(ReadOnlySpan<byte> bytes, bool isLast)
    {
        if (JournalEntry.TryReadWhole(bytes, out var entry))
        {
            Entries.Add(entry);
        }
        else if (isLast && JournalEntry.IsUnfinished(bytes))
        {
            UnfinishedBytes = bytes.Length;
            return;
        }

        Damaged.Add(bytes.ToArray());
    }
}
