namespace CloudTicks.EventHub.Records;

/// <summary>How the records of a batch are compressed: the lowest bits of its attributes.</summary>
internal enum RecordCodec
{
    None = 0,
    Gzip = 1,
    Snappy = 2,
    Lz4 = 3,
    Zstd = 4,
}
