using System.Runtime.InteropServices;
using CloudTicks.EventHub.Tests.Fixtures;
using CloudTicks.TestServices;

namespace CloudTicks.EventHub.Tests.Broker;

/// <summary>
/// Truncates the log's files and indexes, or flips a bit, at random multiples of 64 bytes. An intact batch is served regardless of damage
/// around it, a lost batch is reported as an error, and no acknowledged offset is reused.
/// </summary>
public sealed class LogDamageTests : IDisposable
{
    private const int Step = 64;
    private readonly HubFolder _folder = new();
    private readonly TemporaryFolder _copies = new();

    public void Dispose()
    {
        _folder.Dispose();
        _copies.Dispose();
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, false)]
    [InlineData(0, true)]
    [InlineData(1, true)]
    public async Task Damage_to_one_file_loses_only_damaged_batches(int restarts, bool stopped)
    {
        var folder = await DamagedFolder.FillAsync(_folder, restarts, stopped);
        var damages = folder.DataFiles.SelectMany(file => DamageAtEachStep(folder, file)).Select(one => new[] { one }).ToList();
        await TryAsync(folder, damages, LongSuite.Choose(40, damages.Count), seed: restarts);
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, false)]
    [InlineData(1, true)]
    public async Task Damage_to_log_and_index_loses_only_damaged_batches(int restarts, bool stopped)
    {
        var folder = await DamagedFolder.FillAsync(_folder, restarts, stopped);
        var logs = folder.DataFiles.SelectMany(f => DamageAtEachStep(folder, f)).ToList();
        var indexes = folder.IndexFiles.SelectMany(f => DamageAtEachStep(folder, f)).ToList();
        var damages = logs.SelectMany(log => indexes.Select(index => new[] { log, index })).ToList();
        await TryAsync(folder, damages, LongSuite.Choose(40, 5000), seed: restarts);
    }

    private static IEnumerable<Damage> DamageAtEachStep(DamagedFolder folder, string file)
    {
        for (var at = 0; at < folder.Length(file); at += Step)
        {
            yield return new Damage(file, at, Cut: true);
            yield return new Damage(file, at, Cut: false);
        }
    }

    private async Task TryAsync(DamagedFolder folder, List<Damage[]> damages, int maxTries, int seed)
    {
        new Random(seed).Shuffle(CollectionsMarshal.AsSpan(damages));
        await Parallel.ForEachAsync(damages.Take(maxTries), TestContext.Current.CancellationToken, async (damage, _) =>
        {
            var data = _copies.File(Guid.NewGuid().ToString("N"));
            await folder.CheckAsync(data, damage);
            Directory.Delete(data, recursive: true);
        });
    }
}
