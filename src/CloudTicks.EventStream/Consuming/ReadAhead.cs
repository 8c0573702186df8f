namespace CloudTicks.EventStream.Consuming;

/// <summary>What a reader holds that was fetched and not read yet.</summary>
/// <param name="Bytes">Of all partitions; at least 64 KiB.</param>
/// <param name="BytesPerPartition">Of one partition in one answer; a single larger record is read all the same.</param>
public readonly record struct ReadAhead(int Bytes, int BytesPerPartition);
