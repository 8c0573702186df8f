using CloudTicks.Foundations.Disks;
using CloudTicks.Lake.Manifests;
using CloudTicks.Lake.Storage;
using CloudTicks.Lake.Writing;
using CloudTicks.TestServices.PowerLoss;
using Microsoft.Extensions.Logging.Abstractions;

namespace CloudTicks.Lake.Tests.Writing;

/// <summary>A lake in a folder, with the text files of <see cref="TextTickFiles"/>.</summary>
internal sealed class TestLake(string folder, Disk? disk = null)
{
    private readonly Disk _disk = disk ?? new UnflushedDisk();

    public FolderStore Store => new(folder, _disk);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <param name="retentionDays">The value of <c>Lake__RetentionDays</c>.</param>
    /// <param name="time">The session's clock; the machine's by default.</param>
    public async Task<LakeWriterSession> OpenAsync(int? retentionDays = null, TimeProvider? time = null) =>
        await LakeWriterSession.TryOpenAsync(
            Store, new TextTickFiles(_disk), new LakeOptions { MergeAfter = TimeSpan.Zero, RetentionDays = retentionDays },
            time ?? TimeProvider.System, NullLogger.Instance, Cancellation) ?? throw new InvalidOperationException("The lake is locked.");

    /// <summary>Writes the records that the lake does not have.</summary>
    /// <param name="written">Called after each round.</param>
    public async Task WriteAsync(ModelArchive archive, int recordsPerRound, bool merges = false, Action? written = null)
    {
        using var session = await OpenAsync();
        await WriteAsync(session, archive, recordsPerRound, written);
        if (merges)
        {
            await MergeAsync(session);
        }
    }

    public static async Task WriteAsync(LakeWriterSession session, ModelArchive archive, int recordsPerRound, Action? written = null)
    {
        foreach (var (round, next) in archive.Rounds(session.Catalog.Positions, recordsPerRound))
        {
            await session.Writer.WriteAsync(round, next, Cancellation);
            written?.Invoke();
        }
    }

    /// <summary>Runs all merges that are due.</summary>
    public static async Task MergeAsync(LakeWriterSession session)
    {
        while (session.Merger.Next() is var (day, old))
        {
            await session.Merger.MergeAsync(day, old, Cancellation);
        }

        await session.DeleteReplacedAsync(Cancellation);
    }

    /// <summary>
    /// Stores a proof of all days in their current state, and of the first <paramref name="records"/> records of both partitions.
    /// </summary>
    public async Task<LakeProof> ProveAsync(long records, string stream = ModelArchive.Stream)
    {
        var days = (await ReadAsync()).Days.Values.ToDictionary(day => day.Day.Folder, day => day.Version);
        await LakeProof.PutAsync(
            Store, _ => new LakeProof
            {
                Proved = new Dictionary<string, long[][]> { [stream] = [[0, 0, records], [1, 0, records]] },
                Days = days,
            },
            Cancellation);
        return await LakeProof.ReadAsync(Store, Cancellation);
    }

    public Task<LakeCatalog> ReadAsync() => LakeCatalog.ReadAsync(Store, Cancellation);

    /// <summary>The identities in the current files, repeats included.</summary>
    public async Task<List<ulong>> IdentitiesAsync() =>
        [.. (await ReadAsync()).Days.Values
            .SelectMany(day => day.Manifest.Files.Where(file => !day.Damaged.Contains(file.Name))
                .SelectMany(file => TextTickFiles.Read(Store.LocalPathOf($"{day.Day}/{file.Name}"))))
            .Select(tick => tick.Identity)];

    /// <summary>All files that match a name pattern.</summary>
    public string[] Files(string pattern) => Directory.GetFiles(folder, pattern, SearchOption.AllDirectories);
}
