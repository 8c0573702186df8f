using CloudTicks.Lake.Storage;

namespace CloudTicks.Lake.Manifests;

/// <summary>
/// The result of comparisons of the lake with the archive, stored next to the positions as <c>_verified-….json</c>. A later comparison
/// removes days and records that are no longer proved. A proof does not cover later damage to files: before relying on it, check that the
/// lake has no problems (<see cref="LakeInventory.Problems"/>).
/// </summary>
public sealed record LakeProof
{
    /// <summary>The format version that this program writes.</summary>
    public const int CurrentFormat = 1;

    private const int MaxAttempts = 10;

    /// <summary>The format version.</summary>
    public int Format { get; init; } = CurrentFormat;

    /// <summary>
    /// By stream, the proved ranges: partition, first offset, and the offset after the last. Every tick of these records was found in the
    /// lake's files.
    /// </summary>
    public IReadOnlyDictionary<string, long[][]> Proved { get; init; } = new Dictionary<string, long[][]>();

    /// <summary>By the folder of a day, the version of the manifest whose files were equal to the archive.</summary>
    public IReadOnlyDictionary<string, long> Days { get; init; } = new Dictionary<string, long>();

    /// <summary>When the proof was written, Unix ms, UTC.</summary>
    public long ProvedMs { get; init; }

    /// <summary>Reads the newest undamaged proof; an empty one if there is none.</summary>
    /// <exception cref="LakeException">A later version of this program wrote the proof.</exception>
    /// <exception cref="IOException">The store cannot be read.</exception>
    public static async Task<LakeProof> ReadAsync(ILakeStore store, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        return (await NewestAsync(store, cancellationToken)).Proof;
    }

    /// <summary>Returns the end of the proved records that begin at a given offset of a partition.</summary>
    /// <param name="stream">The identity of the archive's stream.</param>
    /// <param name="from">The offset of the partition's first record.</param>
    /// <returns>The offset after the last proved record; <paramref name="from"/> if that record is not proved.</returns>
    public long ProvedTo(string stream, int partition, long from) =>
        Range(stream, partition) is { } range && range[1] <= from ? Math.Max(from, range[2]) : from;

    /// <summary>Writes the next version.</summary>
    /// <param name="change">
    /// Creates the next version from the previous one; called again if another process has written that version first.
    /// </param>
    internal static async Task PutAsync(ILakeStore store, Func<LakeProof, LakeProof> change, CancellationToken cancellationToken)
    {
        for (var attempt = 1; attempt <= MaxAttempts; attempt++)
        {
            var (proof, versions) = await NewestAsync(store, cancellationToken);
            var next = versions.Count == 0 ? 1 : versions.Max() + 1;
            if (await store.TryPutAsync(
                VersionedName.Of(VersionedName.Proof, next), ChecksummedJson.Write(change(proof)), cancellationToken))
            {
                foreach (var old in versions)
                {
                    await store.DeleteAsync(VersionedName.Of(VersionedName.Proof, old), cancellationToken);
                }

                return;
            }
        }

        throw new LakeConflictException(VersionedName.Proof);
    }

    internal long[]? Range(string stream, int partition) =>
        Proved.GetValueOrDefault(stream, []).FirstOrDefault(range => range[0] == partition);

    private static async Task<(LakeProof Proof, List<long> Versions)> NewestAsync(ILakeStore store, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await FindAsync(store, cancellationToken);
            }
            catch (FileNotFoundException) when (attempt < MaxAttempts)
            {
                // Another process has just written the next version and deleted this one: list again.
            }
        }
    }

    private static async Task<(LakeProof Proof, List<long> Versions)> FindAsync(ILakeStore store, CancellationToken cancellationToken)
    {
        var found = new SortedDictionary<long, StoredObject>();
        foreach (var one in await store.ListAsync(VersionedName.Proof, cancellationToken))
        {
            if (VersionedName.TryParse(VersionedName.Proof, one.Name, out var version))
            {
                found[version] = one;
            }
        }

        foreach (var (_, one) in found.Reverse())
        {
            var bytes = await store.GetAsync(one.Name, 0, (int)one.Bytes, cancellationToken);
            if (ChecksummedJson.TryRead<LakeProof>(one.Name, bytes, CurrentFormat) is { } proof)
            {
                return (proof, [.. found.Keys]);
            }
        }

        // No undamaged proof exists: the next comparison starts without one.
        return (new LakeProof(), [.. found.Keys]);
    }
}
