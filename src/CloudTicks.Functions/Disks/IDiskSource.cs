namespace CloudTicks.Functions.Disks;

internal interface IDiskSource
{
    /// <summary>Looks. What cannot be reached is a reading with a note.</summary>
    public Task<IReadOnlyList<DiskReading>> ReadAsync(CancellationToken cancellationToken);
}
