namespace CloudTicks.EventHub.Wal;

/// <summary>The bytes of an entry after its record header.</summary>
/// <param name="CheckedBytes">How many of <paramref name="Bytes"/> the record's checksum covers.</param>
internal readonly record struct EntryPayload(BatchAddress? Address, ReadOnlyMemory<byte> Bytes, int CheckedBytes);
