using System.Runtime.InteropServices;
using CloudTicks.EventHub.Tests.Fixtures;
using CloudTicks.TestServices;

namespace CloudTicks.EventHub.Tests.Broker;

/// <summary>
/// Log and segments are cut and flipped at every 64th byte. A record of which a whole copy is left anywhere is served, one that is lost is
/// named by an error, and no offset that was acknowledged is given out again.
/// </summary>
public sealed class WholeCopyTests : IDisposable
{
    private const int Step = 64;
    private readonly HubFolder _folder = new();
    private readonly TemporaryFolder _tries = new();

    public void Dispose()
    {
        _folder.Dispose();
        _tries.Dispose();
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, false)]
    [InlineData(0, true)]
    [InlineData(1, true)]
    public async Task Damage_to_one_file_loses_only_what_has_no_whole_copy(int restarts, bool stopped)
    {
        var folder = await DamagedFolder.FillAsync(_folder, restarts, stopped);
        var all = folder.DataFiles.SelectMany(file => Everywhere(folder, file)).Select(one => new[] { one }).ToList();
        await TryAsync(folder, all, LongSuite.Or(40, all.Count), seed: restarts);
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, false)]
    [InlineData(1, true)]
    public async Task Damage_to_log_and_segment_names_what_is_lost(int restarts, bool stopped)
    {
        var folder = await DamagedFolder.FillAsync(_folder, restarts, stopped);
        var logs =
            folder.DataFiles.Where(f => f.EndsWith(".log", StringComparison.Ordinal)).SelectMany(f => Everywhere(folder, f)).ToList();
        var segments =
            folder.DataFiles.Where(f => f.EndsWith(".batches", StringComparison.Ordinal)).SelectMany(f => Everywhere(folder, f)).ToList();
        var all = logs.SelectMany(log => segments.Select(segment => new[] { log, segment })).ToList();
        await TryAsync(folder, all, LongSuite.Or(40, 5000), seed: restarts);
    }

    private static IEnumerable<Damage> Everywhere(DamagedFolder folder, string file)
    {
        for (var at = 0; at < folder.Length(file); at += Step)
        {
            yield return new Damage(file, at, Cut: true);
            yield return new Damage(file, at, Cut: false);
        }
    }

    private async Task TryAsync(DamagedFolder folder, List<Damage[]> all, int atMost, int seed)
    {
        new Random(seed).Shuffle(CollectionsMarshal.AsSpan(all));
        await Parallel.ForEachAsync(all.Take(atMost), TestContext.Current.CancellationToken, async (damage, _) =>
        {
            var data = _tries.File(Guid.NewGuid().ToString("N"));
            await folder.CheckAsync(data, damage);
            Directory.Delete(data, recursive: true);
        });
    }
}
