namespace CloudTicks.Collection.Gaps;

/// <summary>The intact entries, damaged ranges and incomplete last entry of a journal file.</summary>
internal sealed class JournalContent
{
    private JournalContent()
    {
    }

    public List<byte[]> Entries { get; } = [];

    public List<byte[]> Damaged { get; } = [];

    public int UnfinishedBytes { get; private set; }

    /// <summary>Reads a file. After a damaged range it continues with the next entry whose checksum is correct.</summary>
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

            content.AddDamaged(bytes[at..next], isLast: next == bytes.Length);
            at = next;
        }

        return content;
    }

    private void AddDamaged(ReadOnlySpan<byte> bytes, bool isLast)
    {
        if (JournalEntry.TryReadExact(bytes, out var entry))
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
