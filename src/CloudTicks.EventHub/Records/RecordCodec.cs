namespace CloudTicks.EventHub.Records;

/// <summary>The compression of a batch's records: the lowest bits of its attributes.</summary>
internal enum RecordCodec
{
    None = 0,
    Gzip = 1,
    Snappy = 2,
    Lz4 = 3,
    Zstd = 4,
}
