namespace CloudTicks.Functions.Disks;

internal interface IDiskSource
{
    /// <summary>Reads the disks. An unreachable disk yields a reading with a note.</summary>
    public Task<IReadOnlyList<DiskReading>> ReadAsync(CancellationToken cancellationToken);
}
