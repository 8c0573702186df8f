using System.Text.Json.Nodes;
using CloudTicks.EventStream.Topics;
using CloudTicks.Verification.Findings;
using CloudTicks.Verification.SystemParts;
using static System.FormattableString;

namespace CloudTicks.Verification.Checks;

/// <summary>Checks that the archive grows.</summary>
internal sealed class ArchiveCheck(OperatedSystem system, SelectedSymbols selection, Pace pace) : ICheck
{
    public string Name => "archive";

    public string Title => "The archive grows";

    public IReadOnlyList<string> Subjects => [Parts.EventHub];

    public async Task<Finding> CheckAsync(CancellationToken cancellationToken)
    {
        var first = await EndAsync(cancellationToken);
        var last = first;
        var grows =
            await pace.UntilAsync(async () => (last = await EndAsync(cancellationToken)).Records > first.Records, cancellationToken);
        var facts = new JsonObject { ["records"] = last.Records, ["partitions"] = last.Partitions };
        if (grows)
        {
            return Finding.Pass(
                Invariant($"{last.Records:N0} records have been written to {last.Partitions} partitions, and more are arriving."), facts);
        }

        return await selection.QuietReasonAsync(cancellationToken) is { } closed ? Finding.Pass(closed, facts) : Finding.Fail(
            Invariant(
                $"No new record for {pace.MaxWait.TotalSeconds:0} s, after {last.Records:N0} records in {TopicNames.TickArchive}."),
            "Look at /health of the collector: does it have a session, and does the event hub acknowledge records? Ticks that cannot be "
                + "delivered are in the collector's spool.",
            facts);
    }

    private async Task<(long Records, int Partitions)> EndAsync(CancellationToken cancellationToken)
    {
        var partitions = await system.Positions.GetWatermarksAsync(TopicNames.TickArchive, cancellationToken);
        return (partitions.Sum(partition => partition.High), partitions.Count);
    }
}
