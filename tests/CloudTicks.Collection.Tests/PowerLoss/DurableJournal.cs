using System.Text;
using CloudTicks.Collection.Gaps;
using CloudTicks.TestServices.PowerLoss;

namespace CloudTicks.Collection.Tests.PowerLoss;

/// <summary>The gap journal, with single and grouped entries, a rewrite, and entries after the rewrite.</summary>
internal sealed class DurableJournal : DurableFile
{
    private static readonly string[][] Added = [["a"], ["b", "c", "d"], ["e"]];
    private static readonly string[] Rewritten = ["d", "e"];
    private static readonly string[][] AddedAfter = [["f"], ["g", "h"]];

    public override int MinDiskStates => 40;

    private static string File(string folder) => Path.Combine(folder, "gaps.journal");

    public override Task RunAsync(PowerCutRun run)
    {
        using var journal = GapJournal.Open(File(run.Folder), run.Disk, DateTimeOffset.UnixEpoch, out _);
        Append(Added);
        journal.Rewrite(Rewritten.Select(Bytes));
        run.Promise();
        Append(AddedAfter);
        return Task.CompletedTask;

        void Append(string[][] groups)
        {
            foreach (var group in groups)
            {
                journal.Append(group.Select(Bytes));
                run.Promise();
            }
        }
    }

    public override Task CheckAsync(string folder, int promised)
    {
        using (var journal = GapJournal.Open(File(folder), new UnflushedDisk(), DateTimeOffset.UnixEpoch, out var entries))
        {
            var found = entries.Select(Text).ToList();
            Enumerable.Range(promised, States().Count - promised).ShouldContain(
                state => States()[state].All(found.Contains), $"found {string.Join(' ', found)} after {promised} durable steps");
            journal.Append([Bytes("more")]);
        }

        using var reopened = GapJournal.Open(File(folder), new UnflushedDisk(), DateTimeOffset.UnixEpoch, out var allEntries);
        Text(allEntries[^1]).ShouldBe("more");
        reopened.Damage.ShouldBeNull();
        return Task.CompletedTask;
    }

    /// <summary>The entries that the journal must contain after each durable step; before the first step there are none.</summary>
    private static List<List<string>> States()
    {
        List<List<string>> states = [[]];
        Add(Added);
        states.Add([.. Rewritten]);
        Add(AddedAfter);
        return states;

        void Add(string[][] groups)
        {
            foreach (var group in groups)
            {
                states.Add([.. states[^1], .. group]);
            }
        }
    }

    /// <summary>Pads an entry so that a power cut can tear it.</summary>
    private static byte[] Bytes(string entry) => Encoding.ASCII.GetBytes(entry.PadRight(90, '.'));

    private static string Text(byte[] entry) => Encoding.ASCII.GetString(entry).TrimEnd('.');
}
