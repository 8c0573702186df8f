using System.Globalization;
using System.Text;
using CloudTicks.Collection.Records;
using CloudTicks.Collection.Spool;
using CloudTicks.TestServices.PowerLoss;

namespace CloudTicks.Collection.Tests.PowerLoss;

/// <summary>The spool, with single and grouped records, acknowledgements, full files and deleted files.</summary>
internal sealed class DurableSpool : DurableFile
{
    private const long SegmentBytes = 400;

    /// <summary>For each durable step: the last record, and the last record that is acknowledged before the next step.</summary>
    private static readonly (int Last, int Acknowledged)[] States = [(0, 0), (1, 0), (4, 0), (5, 4), (7, 4), (8, 7), (10, 7)];

    public override int MinDiskStates => 100;

    public override Task RunAsync(PowerCutRun run)
    {
        using var spool = Open(run.Folder, run.Disk);
        for (var step = 1; step < States.Length; step++)
        {
            spool.Append([.. Enumerable.Range(States[step - 1].Last + 1, States[step].Last - States[step - 1].Last).Select(Record)]);
            run.Promise();
            ReadAll(spool);
            spool.Acknowledge(States[step].Acknowledged);
            spool.Trim();
        }

        return Task.CompletedTask;
    }

    public override Task CheckAsync(string folder, int promised)
    {
        var (last, acknowledged) = States[promised];
        using (var spool = Open(folder, new UnflushedDisk()))
        {
            var found = ReadAll(spool);
            found.ShouldBe([.. found.Distinct().Order()], "in order, once each");
            Enumerable.Range(acknowledged + 1, last - acknowledged).ShouldBeSubsetOf(found);
            spool.Append([Record(99)]);
        }

        using var reopened = Open(folder, new UnflushedDisk());
        ReadAll(reopened)[^1].ShouldBe(99);
        return Task.CompletedTask;
    }

    private static RecordSpool Open(string folder, Foundations.Disks.Disk disk) =>
        RecordSpool.Open(folder, disk, SegmentBytes, TimeProvider.System, static (_, _) => { });

    private static OutgoingRecord Record(int number) =>
        new(0, Encoding.ASCII.GetBytes(number.ToString(CultureInfo.InvariantCulture).PadRight(70)), 1);

    private static List<int> ReadAll(RecordSpool spool)
    {
        List<int> found = [];
        while (spool.TryRead(out var record))
        {
            found.Add(int.Parse(Encoding.ASCII.GetString(record.Record.Value), CultureInfo.InvariantCulture));
        }

        return found;
    }
}
