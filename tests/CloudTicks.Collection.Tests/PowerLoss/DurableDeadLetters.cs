using System.Globalization;
using System.Text.Json;
using CloudTicks.Collection.DbServer;
using CloudTicks.TestServices.PowerLoss;

namespace CloudTicks.Collection.Tests.PowerLoss;

/// <summary>A file of refused data that becomes full during the run.</summary>
internal sealed class DurableDeadLetters : DurableFile
{
    private const int Letters = 4;
    private const int MaxBytes = 300;

    public override int MinDiskStates => 25;

    public override async Task RunAsync(PowerCutRun run)
    {
        using var letters = new DeadLetterFile(Path.Combine(run.Folder, "letters.jsonl"), TimeProvider.System, run.Disk, MaxBytes);
        for (var letter = 1; letter <= Letters; letter++)
        {
            await AddAsync(letters, letter);
            run.Promise();
        }
    }

    public override async Task CheckAsync(string folder, int promised)
    {
        var path = Path.Combine(folder, "letters.jsonl");
        using (var letters = new DeadLetterFile(path, TimeProvider.System, new UnflushedDisk()))
        {
            await AddAsync(letters, 100);
        }

        var found = Numbers($"{path}.old").Concat(Numbers(path)).ToList();
        Enumerable.Range(1, promised).Append(100).ShouldBeSubsetOf(found);
    }

    private static Task AddAsync(DeadLetterFile letters, int letter) => letters.AddAsync(
        json => json.WriteString("letter"u8, letter.ToString(CultureInfo.InvariantCulture).PadLeft(60)),
        TestContext.Current.CancellationToken);

    /// <summary>The numbers in a file, without torn lines.</summary>
    private static IEnumerable<int> Numbers(string path)
    {
        foreach (var line in File.Exists(path) ? File.ReadAllLines(path) : [])
        {
            JsonDocument? document = null;
            try
            {
                document = JsonDocument.Parse(line);
            }
            catch (JsonException)
            {
                continue;
            }

            using (document)
            {
                yield return int.Parse(document.RootElement.GetProperty("letter"u8).GetString()!, CultureInfo.InvariantCulture);
            }
        }
    }
}
