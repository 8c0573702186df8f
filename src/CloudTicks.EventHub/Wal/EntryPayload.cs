namespace CloudTicks.EventHub.Wal;

/// <summary>What an entry writes behind its record header.</summary>
/// <param name="CheckedBytes">How much of <paramref name="Bytes"/> the record's checksum covers.</param>
internal readonly record struct EntryPayload(BatchAddress? Address, ReadOnlyMemory<byte> Bytes, int CheckedBytes);
